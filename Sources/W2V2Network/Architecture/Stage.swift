/// A point in the network at which its state can be read, in forward order.
public enum Stage: Sendable, Hashable {
    /// The normalised signal, `[samples]`; only if the graph normalises its input.
    case inputNormalization
    /// A feature extractor layer's output after GELU, `[frames, channels]`.
    case featureExtractor(layer: Int)
    /// The features after the projection's LayerNorm, `[frames, channels]`.
    case extractedFeatures
    /// The projected features, `[frames, hidden]`.
    case featureProjection
    /// The projected features plus their position embedding, `[frames, hidden]`.
    case positionalEmbedding
    /// An encoder layer's output, `[frames, hidden]`.
    case encoderLayer(Int)
    /// The last encoder layer's output after the final LayerNorm, `[frames, hidden]`.
    case finalNorm
    /// The weighted sum of the states at ``Architecture/mixedStages``, `[frames, hidden]`; only if the network mixes its
    /// layers.
    case mixed
    /// The mean over time of the state that ``Architecture/pooling`` names, `[hidden]`.
    case pooled
    /// A head's output, `[size]`.
    case head(Int)

    /// Every stage of a network, in forward order.
    public static func all(of architecture: Architecture) -> [Stage] {
        var stages: [Stage] = architecture.inputNormalizationEpsilon == nil ? [] : [.inputNormalization]
        stages += architecture.featureExtractor.indices.map { .featureExtractor(layer: $0) }
        stages += [.extractedFeatures, .featureProjection, .positionalEmbedding]
        stages += (0..<architecture.encoderLayers).map { .encoderLayer($0) }
        stages += architecture.pooling.mixesLayers ? [.finalNorm, .mixed, .pooled] : [.finalNorm, .pooled]
        stages += architecture.heads.indices.map { .head($0) }
        return stages
    }
}

extension Architecture {
    /// The stages whose states are mixed, in forward order: what enters the encoder, the output of each of its layers but
    /// the last, and the end, before or after the final norm. None if the network doesn't mix its layers.
    public var mixedStages: [Stage] {
        guard pooling.mixesLayers else { return [] }
        let last = encoderLayers - 1
        let layers = (0..<last).map { Stage.encoderLayer($0) }
        return [.positionalEmbedding] + layers + [pooling == .layerMixWithFinalNorm ? .finalNorm : .encoderLayer(last)]
    }
}

extension Stage {
    /// What the stage's state is called in files: the name that transformers gives it if it has one,
    /// else the module's path.
    ///
    /// `hidden_states.0` enters the first encoder layer, and `hidden_states.N` leaves the Nth. As in transformers 5, the
    /// last of them is the last layer's output as it is; `last_hidden_state` is the same after the final norm, which
    /// transformers up to 4 also gives as the last of the hidden states. The pooled state and the heads have the names of the
    /// model's outputs are.
    public func name(in architecture: Architecture) -> String {
        switch self {
        case .inputNormalization: "input_normalization"
        case .featureExtractor(let layer): "feature_extractor.conv_layers.\(layer)"
        case .extractedFeatures: "extract_features"
        case .featureProjection: "feature_projection"
        case .positionalEmbedding: "hidden_states.0"
        case .encoderLayer(let layer): "hidden_states.\(layer + 1)"
        case .finalNorm: "last_hidden_state"
        case .mixed: "layer_mix"
        case .pooled: architecture.pooledOutput
        case .head(let index): architecture.heads[index].output
        }
    }
}

extension Stage {
    /// The axes of the stage's state for a signal of `samples` samples, without a batch axis: `[frames, channels]`, or
    /// `[samples]` of the normalised signal, or `[size]` if there is no time axis.
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
        case .featureProjection, .positionalEmbedding, .encoderLayer, .finalNorm, .mixed:
            [frames, architecture.hiddenSize]
        case .pooled: [architecture.hiddenSize]
        case .head(let index): [architecture.heads[index].size]
        }
    }

    /// The axes of the state's mean over time: ``shape(in:samples:)`` without the frames, if there are any.
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
