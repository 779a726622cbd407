import AudioInput
import Corpus

/// A recording that is read, with where it lies in its file, in seconds.
struct ReadRecording {
    let signal: Signal
    let start: Double
    let end: Double

    init(_ recording: Recording, channel: Int?, minimumSamples: Int) throws(AudioError) {
        signal = try AudioReader.read(
            path: recording.path, channel: channel, segment: recording.segment, minimumSamples: minimumSamples)
        start = recording.segment?.start ?? 0
        end = recording.segment?.end ?? start + signal.duration
    }
}
