import AudioInput
import Verification

/// The same noise in every process: standard normal, at 16 kHz.
struct Noise {
    private let samples: [Float]

    /// Noise for signals of up to `seconds`.
    init(seconds: Double) {
        var generator = GaussianNoise(seed: 1)
        samples = generator.samples(Self.count(seconds))
    }

    /// The beginning of the noise.
    func signal(seconds: Double) -> [Float] { Array(samples.prefix(Self.count(seconds))) }

    private static func count(_ seconds: Double) -> Int { Int((seconds * Double(Signal.sampleRate)).rounded()) }
}
