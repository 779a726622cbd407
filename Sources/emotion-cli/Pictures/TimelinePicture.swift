import ArgumentParser
import AudioInput
import Charts
import Corpus
import Foundation

/// The scores of a recording over time, as a picture.
final class TimelinePicture {
    private let file: PictureFile
    private let recording: Recording
    private var windows: [Row] = []

    init(_ path: String, of recordings: RecordingList) throws {
        guard recordings.count == 1, case .success(let recording)? = recordings.first else {
            throw ValidationError("--chart draws one recording, not \(recordings.count)")
        }
        guard recording.path != "-" else {
            throw ValidationError("--chart reads the recording twice; give a file instead of standard input")
        }
        self.recording = recording
        file = try PictureFile(path)
    }

    func add(_ window: Row) { windows.append(window) }

    /// Draws the labelled outputs under the signal. Without a window there is nothing to draw.
    func write(_ columns: ScoreColumns) throws {
        guard !windows.isEmpty else { return }
        let start = recording.segment?.start ?? 0
        let series = columns.outputs.enumerated().filter(\.element.isLabelled).flatMap { column, output in
            output.labels.enumerated().map { index, label in
                TimelineChart.Series(
                    name: label,
                    windows: windows.map { window in
                        let value = Double(window.values[column][index])
                        return .init(start: window.start - start, end: window.end - start, value: value)
                    })
            }
        }
        let chart = TimelineChart(
            title: (recording.name as NSString).lastPathComponent, waveform: try waveform(), series: series)
        try file.write(chart.svg)
    }

    /// The lowest and highest sample of each piece of 10 ms stand for the signal, so that one of any length fits into
    /// memory.
    private func waveform() throws -> Waveform {
        let pieceLength = Signal.sampleRate / 100
        let stream = try SignalStream(path: recording.path, segment: recording.segment)
        var extremes: [Float] = []
        var rest: [Float] = []
        while true {
            let samples = try stream.next()
            rest += samples
            let whole = samples.isEmpty ? rest.count : rest.count - rest.count % pieceLength
            for first in stride(from: 0, to: whole, by: pieceLength) {
                let piece = rest[first..<min(first + pieceLength, whole)]
                extremes += [piece.min() ?? 0, piece.max() ?? 0]
            }
            rest.removeFirst(whole)
            if samples.isEmpty { break }
        }
        return Waveform(samples: extremes, sampleRate: 200)
    }
}
