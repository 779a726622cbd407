extension Architecture {
    /// What one part of the network holds and computes.
    public struct Part: Sendable, Hashable, Codable {
        /// The path of its module; `*` stands for the number of a layer. A norm before it is counted with it.
        public let name: String
        /// How many numbers it has learnt.
        public let parameters: Int
        /// Multiplications and additions of its matrix products.
        public let floatingPointOperations: Int
    }

    /// The parts in forward order, those of the encoder's layers taken together, for a signal of `samples` samples. Their
    /// sums are ``parameterCount`` and ``floatingPointOperations(samples:)``.
    public func parts(samples: Int) -> [Part] {
        let frames = frames(samples: samples)
        let attention = 4 * (hiddenSize + 1) * hiddenSize + 2 * hiddenSize
        let feedForward = 2 * hiddenSize * feedForwardSize + feedForwardSize + hiddenSize + 2 * hiddenSize
        let positionalWeights =
            hiddenSize * (hiddenSize / positionalConvolution.groups) * positionalConvolution.kernel
        let parts = [
            Part(
                name: "feature_extractor",
                parameters: featureExtractor.reduce(0) {
                    $0 + $1.inputChannels * $1.kernel * $1.outputChannels + 3 * $1.outputChannels
                },
                floatingPointOperations: floatingPointOperations(of: .featureExtractor, samples: samples)),
            Part(
                name: "feature_projection",
                parameters: 2 * featureChannels + (featureChannels + 1) * hiddenSize,
                floatingPointOperations: 2 * frames * featureChannels * hiddenSize),
            Part(
                name: "encoder.pos_conv_embed", parameters: positionalWeights + hiddenSize,
                floatingPointOperations: floatingPointOperations(of: .positionalConvolution, samples: samples)),
            Part(
                name: "encoder.layers.*.attention", parameters: encoderLayers * attention,
                floatingPointOperations: encoderLayers * floatingPointOperations(of: .attention, samples: samples)),
            Part(
                name: "encoder.layers.*.feed_forward", parameters: encoderLayers * feedForward,
                floatingPointOperations: encoderLayers * floatingPointOperations(of: .feedForward, samples: samples)),
            Part(name: "encoder.layer_norm", parameters: 2 * hiddenSize, floatingPointOperations: 0),
        ]
        return parts
            + heads.enumerated().map { index, head in
                let weights = hiddenSize * head.denseSize + head.denseSize * head.size
                return Part(
                    name: "heads.\(index)", parameters: weights + head.denseSize + head.size,
                    floatingPointOperations: 2 * weights)
            }
    }
}
