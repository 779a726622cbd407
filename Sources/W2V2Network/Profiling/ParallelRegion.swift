/// Operations that the threads do in one go, each taking them up in its own order.
///
/// The caller's thread sees how long they take together; what each takes of that follows from how long the threads were
/// busy with it.
struct ParallelRegion: Equatable {
    let operations: ClosedRange<NetworkOperation.Kind>

    /// All layers, tile by tile.
    static var featureExtractor: Self { Self(operations: .convolution ... .convolutionNorm) }
    /// One product, whose columns are those of the three side by side.
    static var queryKeyValue: Self { Self(operations: .query ... .value) }
    /// Head by head.
    static var attention: Self { Self(operations: .packing ... .context) }

    static func only(_ operation: NetworkOperation.Kind) -> Self { Self(operations: operation...operation) }

    static func containing(_ operation: NetworkOperation.Kind) -> Self {
        let shared = [Self.featureExtractor, .queryKeyValue, .attention]
        return shared.first { $0.operations.contains(operation) } ?? .only(operation)
    }
}
