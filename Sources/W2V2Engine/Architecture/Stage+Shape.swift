extension Stage {
    /// The axes of the stage's state for a signal of `samples` samples, without a batch axis: `[frames, channels]`, or
    /// `[samples]` of the normalised signal, or `[size]` where there is no time any more.
    public func shape(in architecture: Architecture, samples: Int) -> [Int] {
        let frames = architecture.frames(samples: samples)
        return switch self {
        case .inputNormalization: [samples]
        case .featureExtractor(let layer):
            [
                architecture.framesPerLayer(samples: samples)[layer],
                architecture.featureExtractor[layer].outputChannels,
            ]
        case .extractedFeatures: [frames, architecture.featureChannels]
        case .featureProjection, .positionalEmbedding, .encoderLayer, .finalNorm: [frames, architecture.hiddenSize]
        case .pooled: [architecture.hiddenSize]
        case .head(let index): [architecture.heads[index].size]
        }
    }

    /// The axes of the state's mean over time: ``shape(in:samples:)`` without the frames, where there are any.
    public func meanShape(in architecture: Architecture) -> [Int] {
        // The means of so long a signal are as wide as those of any other.
        let shape = shape(in: architecture, samples: architecture.minimumSamples)
        return hasTimeAxis ? Array(shape.dropFirst()) : shape
    }

    /// Whether the state has a frame for each step in time.
    public var hasTimeAxis: Bool {
        switch self {
        case .pooled, .head: false
        default: true
        }
    }
}
