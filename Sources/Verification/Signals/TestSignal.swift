import AudioInput
import W2V2Engine

/// A signal that a model is checked on.
package struct TestSignal: Sendable, Hashable {
    package let name: String
    /// Mono, at 16 kHz.
    package let samples: [Float]

    package init(name: String, samples: [Float]) {
        self.name = name
        self.samples = samples
    }

    /// One second of the noise that the authors published outputs for:
    /// `numpy.random.seed(0); numpy.random.normal(size=16000).astype(numpy.float32)`.
    package static let seededNoise = TestSignal(name: "seeded noise", samples: noise(16_000))

    /// One second of silence.
    package static let zeros = TestSignal(name: "zeros", samples: [Float](repeating: 0, count: 16_000))

    /// The sentence "This is wonderful", spoken, as the authors published it.
    package static func speech() throws -> TestSignal { try published("this-is-wonderful.mp3") }

    /// What a model is compared with the oracle on: noise and speech, and noise of the lengths where the number of
    /// frames begins and changes, which are the fewest samples that give one frame, the most that do, and the fewest
    /// that give two.
    ///
    /// A graph can make frames of any number of samples, so that noise and speech may be too short for one, or take hours
    /// to run literally. Then noise of ten frames stands in for them.
    ///
    /// A graph of a fixed length gets noise and the middle of the sentence, both of that length.
    package static func standard(for architecture: Architecture) throws -> [TestSignal] {
        if let length = architecture.fixedSamples {
            let speech = try speech()
            let start = max(0, (speech.samples.count - length) / 2)
            let part = Array(speech.samples[start..<min(start + length, speech.samples.count)])
            let silence = [Float](repeating: 0, count: length - part.count)
            return [
                TestSignal(name: "noise", samples: noise(length)),
                TestSignal(name: speech.name, samples: part + silence),
            ]
        }
        let (minimum, hop) = (architecture.minimumSamples, architecture.hop)
        let shortest = Set([minimum, minimum + hop - 1, minimum + hop]).sorted()
        var longer = [seededNoise, try speech()].filter {
            $0.samples.count >= minimum && architecture.largestState(samples: $0.samples.count) <= mostElements
        }
        if longer.isEmpty { longer = [TestSignal(name: "noise", samples: noise(minimum + 9 * hop))] }
        return longer + shortest.map { TestSignal(name: "noise", samples: noise($0)) }
    }

    /// The most elements that a state of the standard signals has: 128 MB of Double.
    private static let mostElements = 1 << 24

    /// A signal for which outputs were published, by its name there.
    static func published(_ name: String) throws -> TestSignal {
        switch name {
        case seededNoise.name: return seededNoise
        case zeros.name: return zeros
        default:
            guard let bytes = PublishedData.recording(name) else { throw VerificationError(.unknownSignal(name)) }
            return TestSignal(name: name, samples: try AudioReader.read(bytes, name: name).samples)
        }
    }

    private static func noise(_ count: Int) -> [Float] {
        var noise = GaussianNoise(seed: 0)
        return noise.samples(count)
    }
}

extension Architecture {
    /// How many elements the largest value has that a literal run computes, for a signal of `samples` samples.
    fileprivate func largestState(samples: Int) -> Int {
        let features = zip(framesPerLayer(samples: samples), featureExtractor).map { $0 * $1.outputChannels }
        let frames = frames(samples: samples)
        let encoder = [attentionHeads * frames * frames, frames * feedForwardSize, frames * hiddenSize]
        return (features + encoder).max() ?? 0
    }
}
