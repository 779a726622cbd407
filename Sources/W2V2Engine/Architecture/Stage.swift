/// A point in the network where its state can be looked at, in forward order.
public enum Stage: Sendable, Hashable {
    /// The normalised signal, `[samples]`; only where the graph normalises its input.
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
    /// The mean over time, `[hidden]`.
    case pooled
    /// A head's output, `[size]`.
    case head(Int)

    /// Every stage of a network, in forward order.
    public static func all(of architecture: Architecture) -> [Stage] {
        var stages: [Stage] = architecture.inputNormalizationEpsilon == nil ? [] : [.inputNormalization]
        stages += architecture.featureExtractor.indices.map { .featureExtractor(layer: $0) }
        stages += [.extractedFeatures, .featureProjection, .positionalEmbedding]
        stages += (0..<architecture.encoderLayers).map { .encoderLayer($0) }
        stages += [.finalNorm, .pooled]
        stages += architecture.heads.indices.map { .head($0) }
        return stages
    }
}
