/// A value of the literal run of a graph: floating-point elements in Double, integers in Int, whatever the graph's own
/// types are.
public struct OracleTensor: Sendable, Equatable {
    public enum Elements: Sendable, Equatable {
        case real([Double])
        case integer([Int])
        case boolean([Bool])
    }

    /// Row-major; empty for a scalar.
    public let shape: [Int]
    public let elements: Elements
}
