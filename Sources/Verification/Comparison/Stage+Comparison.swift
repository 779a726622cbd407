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

    /// The states that transformers gives, by name (``Stage/name(in:)``), in forward order. The last of the
    /// `hidden_states` is the final norm's output in its older versions and the last layer's in newer ones.
    static func byTransformersName(in architecture: Architecture) -> [(name: String, stages: [Stage])] {
        Stage.all(of: architecture).filter(\.isTransformersState).map { stage in
            let isLast = stage == .encoderLayer(architecture.encoderLayers - 1)
            return (stage.name(in: architecture), isLast ? [stage, .finalNorm] : [stage])
        }
    }

    private var isTransformersState: Bool {
        switch self {
        case .extractedFeatures, .positionalEmbedding, .encoderLayer, .finalNorm: true
        case .inputNormalization, .featureExtractor, .featureProjection, .pooled, .head: false
        }
    }
}

extension Architecture {
    /// How far an output may be from the exact one.
    func tolerance(ofOutput output: String) -> Tolerance { output == pooledOutput ? .pooled : .head }
}
