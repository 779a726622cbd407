import Files

extension Architecture {
    /// Which state's mean over time is the pooled state, and which the heads read.
    public enum Pooling: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both are the mean of the final LayerNorm's output, as in the published models.
        case finalNorm = "final_norm"
        /// The pooled state is the mean of the last layer's output as it is; the heads read that of the final LayerNorm's
        /// output. So are `hidden_states[-1]` and `logits` of transformers 5's models for sequence classification, which
        /// give no other state.
        case lastLayer = "last_layer"
        /// Both are the mean of ``Stage/mixed``, the weighted sum of the states between the encoder's layers, the last of
        /// them the last layer's output as it is: `use_weighted_layer_sum` in transformers 5.
        case layerMix = "layer_mix"
        /// The same, with the final LayerNorm's output as the last of the states: `use_weighted_layer_sum` in transformers
        /// up to 4.
        case layerMixWithFinalNorm = "layer_mix_with_final_norm"

        /// Whether what is pooled is the weighted sum of the states between the encoder's layers (``Stage/mixed``).
        public var mixesLayers: Bool { self == .layerMix || self == .layerMixWithFinalNorm }

        /// Reads the name that a file has.
        ///
        /// - Throws: ``EngineError/impossibleArchitecture(reason:)`` if it isn't known.
        public init(from decoder: any Decoder) throws {
            let name = try decoder.singleValueContainer().decode(String.self)
            guard let pooling = Pooling(rawValue: name) else {
                let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
                throw EngineError.impossibleArchitecture(
                    reason: "the pooling is \(quoted(name)), and should be one of \(known)")
            }
            self = pooling
        }
    }
}
