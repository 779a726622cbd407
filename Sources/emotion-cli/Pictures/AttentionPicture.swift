import AudioInput
import Charts
import W2V2Engine

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
