/// What is timed by itself, in forward order.
enum NetworkOperation: Int, Comparable, CaseIterable {
    case inputNormalization

    // A feature extractor layer's; its norm comes with GELU.
    case convolution, convolutionNorm

    case projectionNorm, projection
    /// With its GELU and the addition to its input.
    case positionalConvolution

    // An encoder layer's.
    case attentionNorm
    case query, key, value
    /// A head's keys and values, laid out as the products take them.
    case packing
    case scores, softmax, context
    /// With the addition to the residual.
    case attentionOutput
    case feedForwardNorm
    /// With its GELU.
    case feedForwardIntermediate
    /// With the addition to the residual.
    case feedForwardOutput

    case finalNorm, pooling, head

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// Operations that the threads do in one go, each taking them up in its own order.
///
/// The caller's thread sees how long they take together; what each takes of that follows from how long the threads were
/// busy with it.
struct ParallelRegion: Equatable {
    let operations: ClosedRange<NetworkOperation>

    /// All layers, tile by tile.
    static var featureExtractor: Self { Self(operations: .convolution ... .convolutionNorm) }
    /// One product, whose columns are those of the three side by side.
    static var queryKeyValue: Self { Self(operations: .query ... .value) }
    /// Head by head.
    static var attention: Self { Self(operations: .packing ... .context) }

    static func only(_ operation: NetworkOperation) -> Self { Self(operations: operation...operation) }

    static func containing(_ operation: NetworkOperation) -> Self {
        let shared = [Self.featureExtractor, .queryKeyValue, .attention]
        return shared.first { $0.operations.contains(operation) } ?? .only(operation)
    }
}
