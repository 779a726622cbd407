extension Stage {
    /// The axes of the stage's state for a signal of `samples` samples, without a batch axis: `[frames, channels]`, or
    /// `[samples]` of the normalised signal, or `[size]` where there is no time any more.
    public func shape(in architecture: Architecture, samples: Int) -> [Int] {
        let frames = architecture.frames(samples: samples)
        return switch self {
        case .inputNormalization: [samples]
        case .featureExtractor(let layer):
            [
                architecture.framesUsed(ofLayer: layer, samples: samples),
                architecture.featureExtractor[layer].outputChannels,
            ]
        case .extractedFeatures: [frames, architecture.featureChannels]
        case .featureProjection, .positionalEmbedding, .encoderLayer, .finalNorm: [frames, architecture.hiddenSize]
        case .pooled: [architecture.hiddenSize]
        case .head(let index): [architecture.heads[index].size]
        }
    }

    /// Whether the state has a frame for each step in time.
    public var hasTimeAxis: Bool {
        switch self {
        case .pooled, .head: false
        default: true
        }
    }
}

extension Architecture {
    /// How many frames of a feature extractor's layer the network's frames depend on: all that the engine computes. The
    /// layer's convolution would make a few more at the end of some signals, too few for another frame of the last
    /// layer.
    public func framesUsed(ofLayer layer: Int, samples: Int) -> Int {
        let frames = frames(samples: samples)
        guard frames > 0 else { return 0 }
        return featureExtractor[(layer + 1)...].reversed().reduce(frames) { frames, layer in
            (frames - 1) * layer.stride + layer.kernel
        }
    }
}
