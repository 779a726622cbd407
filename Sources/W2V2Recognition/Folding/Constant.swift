import ONNXLoader

/// A tensor known when the model is loaded: stored in the file, or computed from such tensors.
struct Constant: Sendable {
    /// The elements, in the order the file or the computation left them.
    var stored: Tensor
    /// Whether the constant is `stored`, a matrix, with its two axes exchanged. Weights are large, and the engine packs
    /// them anyway, so a transposed one is noted and not copied.
    var isTransposed = false

    var elementType: ElementType { stored.elementType }
    var elementCount: Int { stored.elementCount }
    var shape: [Int] { isTransposed ? stored.shape.reversed() : stored.shape }

    /// The one element of a floating-point constant with a single element; nil for others.
    func scalar() throws -> Double? {
        guard elementType.isFloatingPoint, elementCount == 1 else { return nil }
        return try stored.floats().first.map { Double($0) }
    }

    /// The elements of a list of integers or a single one, such as a shape or axes; nil for others.
    func integers() throws -> [Int]? {
        guard elementType == .int64 || elementType == .int32, shape.count <= 1 else { return nil }
        guard elementCount <= Self.longestList else { return nil }
        return try stored.integers()
    }

    /// The tensor with its elements in the order of `shape`.
    func tensor() throws -> Tensor {
        guard isTransposed else { return stored }
        let (rows, columns) = (stored.shape[0], stored.shape[1])
        let elements = try stored.floats()
        var transposed: [Float] = []
        transposed.reserveCapacity(elements.count)
        for column in 0..<columns {
            for row in 0..<rows {
                transposed.append(elements[row * columns + column])
            }
        }
        return try Tensor(name: stored.name, shape: [columns, rows], floats: transposed)
    }

    /// No shape has more axes than this; longer integer constants are not read.
    private static let longestList = 64
}
