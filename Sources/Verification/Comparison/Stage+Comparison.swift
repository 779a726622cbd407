import W2V2Engine

extension Stage {
    /// What the stage is called; layers count from 0, as in the checkpoints.
    func label(in architecture: Architecture) -> String {
        switch self {
        case .inputNormalization: "input normalization"
        case .featureExtractor(let layer): "feature extractor \(layer)"
        case .extractedFeatures: "extracted features"
        case .featureProjection: "feature projection"
        case .positionalEmbedding: "positional embedding"
        case .encoderLayer(let layer): "encoder layer \(layer)"
        case .finalNorm: "final norm"
        case .pooled: "mean over time"
        case .head(let index): "head \(architecture.heads[index].output)"
        }
    }

    /// How far its state may be from the exact one.
    var tolerance: Tolerance {
        switch self {
        case .pooled: .pooled
        case .head: .head
        case .encoderLayer, .finalNorm: .encoder
        case .inputNormalization, .featureExtractor, .extractedFeatures, .featureProjection, .positionalEmbedding:
            .features
        }
    }

    /// The states of a network that are no outputs, by name (``Stage/name(in:)``), in forward order. The last of the
    /// `hidden_states` is the final norm's output in older versions of transformers and the last layer's in newer ones.
    static func byName(in architecture: Architecture) -> [(name: String, stages: [Stage])] {
        all(of: architecture).compactMap { stage in
            let name = stage.name(in: architecture)
            switch stage {
            case .pooled, .head: return nil
            case .encoderLayer(architecture.encoderLayers - 1): return (name, [stage, .finalNorm])
            default: return (name, [stage])
            }
        }
    }
}

extension Architecture {
    /// How far an output may be from the exact one.
    func tolerance(ofOutput output: String) -> Tolerance { output == pooledOutput ? .pooled : .head }
}
