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

    /// The states of a network by the names that transformers gives them, in forward order: `extract_features`,
    /// `hidden_states.N` as each of the encoder's layers finds them, and `last_hidden_state`. The last of the
    /// `hidden_states` is the final norm's output in older versions and the last layer's in newer ones.
    static func byTransformersName(in architecture: Architecture) -> [(name: String, stages: [Stage])] {
        let layers = architecture.encoderLayers
        return [("extract_features", [.extractedFeatures]), ("hidden_states.0", [.positionalEmbedding])]
            + (1..<max(layers, 1)).map { ("hidden_states.\($0)", [.encoderLayer($0 - 1)]) }
            + [
                ("hidden_states.\(layers)", [.encoderLayer(layers - 1), .finalNorm]),
                ("last_hidden_state", [.finalNorm]),
            ]
    }
}

extension Architecture {
    /// How far an output may be from the exact one.
    func tolerance(ofOutput output: String) -> Tolerance { output == pooledOutput ? .pooled : .head }
}
