extension Stage {
    /// What the stage's state is called in files: the name that transformers gives it where it has one,
    /// else the module's path.
    ///
    /// `hidden_states.0` enters the first encoder layer, and `hidden_states.N` leaves the Nth. As in transformers 5, the
    /// last of them is the last layer's output as it is; `last_hidden_state` is the same after the final norm, which
    /// transformers up to 4 also gives as the last of the hidden states. The pooled state and the heads are called as the
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
        case .pooled: architecture.pooledOutput
        case .head(let index): architecture.heads[index].output
        }
    }
}
