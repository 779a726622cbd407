import ArgumentParser
import AudioInput
import Charts
import Corpus
import Foundation
import W2V2Engine

/// A file for a picture, `.svg` or `.png`.
struct PictureFile {
    private let path: String
    private let format: PictureFormat

    /// - Throws: `SVGRenderingError` if the name ends in neither, or a `.png` can't be made here; `CommandError` if there
    ///   is another file, unless it may be replaced, or none can be written there: before any work.
    init(_ path: String, force: Bool) throws {
        self.path = path
        format = try PictureFormat(path: path)
        if format == .png { _ = try SVGRenderer.load() }
        try OwnFile.picture.checkReplaceable(path, force: force)
        try TextOutput.check(path)
    }

    /// Writes the picture; the file appears whole, or an older one stays.
    func write(_ svg: String) throws {
        let bytes = try format.bytes(of: svg)
        let output = try TextOutput(path)
        try output.write(bytes)
        try output.commit()
    }
}

/// The attention maps of a recording in one encoder layer, as a picture.
struct AttentionPicture {
    /// The encoder layer, from 1.
    let layer: Int
    let file: PictureFile
    /// Samples from one frame to the next.
    let hop: Int

    /// Draws `attentions`, `[1, heads, frames, frames]`, under the signal that they are of.
    func write(_ attentions: NetworkState, of recording: String, samples: [Float]) throws {
        let (heads, frames) = (attentions.shape[1], attentions.shape[2])
        let maps = (0..<heads).map { head in
            AttentionMap(
                frames: frames, weights: attentions.values[head * frames * frames..<(head + 1) * frames * frames])
        }
        let chart = AttentionChart(
            title: "\(recording), encoder layer \(layer)", waveform: Waveform(samples: samples), heads: maps,
            secondsPerFrame: Double(hop) / Double(Signal.sampleRate))
        try file.write(chart.svg)
    }
}

/// The scores of a recording over time, as a picture.
final class TimelinePicture {
    private let file: PictureFile
    private let recording: Recording
    private var windows: [Row] = []

    init(_ path: String, of recordings: RecordingList, force: Bool) throws {
        guard recordings.count == 1, case .success(let recording)? = recordings.first else {
            throw ValidationError("--chart draws one recording, not \(recordings.count)")
        }
        guard recording.path != "-" else {
            throw ValidationError("--chart reads the recording twice; give a file instead of standard input")
        }
        self.recording = recording
        file = try PictureFile(path, force: force)
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
        let stream = try SignalStream(
            path: recording.path, segment: recording.segment, decoding: recording.decoding)
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
