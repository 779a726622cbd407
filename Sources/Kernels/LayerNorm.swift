/// LayerNorm over the columns of a matrix: (x − mean) / √(variance + epsilon) · weight + bias, each row for itself.
public struct LayerNorm: Sendable {
    private let weight: ConstantVector
    private let bias: ConstantVector
    private let epsilon: Float

    /// `weight` and `bias` are `[columns]`.
    public init(weight: [Float], bias: [Float], epsilon: Float) {
        precondition(weight.count == bias.count && !weight.isEmpty, "a norm's weight and bias differ in size")
        self.weight = ConstantVector(weight)
        self.bias = ConstantVector(bias)
        self.epsilon = epsilon
    }

    /// Normalises the rows of `source` into `destination`, which may be the same; the variance is that of the
    /// differences from the mean (two passes).
    public func apply(_ source: Matrix, into destination: MutableMatrix) {
        let columns = weight.count
        precondition(source.columns == columns && destination.columns == columns, "rows are not \(columns) wide")
        precondition(source.rows == destination.rows, "\(source.rows) rows into \(destination.rows)")
        for row in 0..<source.rows {
            normalize(source.base + row * source.rowStride, into: destination.base + row * destination.rowStride)
        }
    }

    /// Normalises rows in place.
    public func apply(_ matrix: MutableMatrix) { apply(Matrix(matrix), into: matrix) }

    private func normalize(_ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>) {
        let columns = weight.count
        let (weight, bias) = (weight.base, bias.base)
        var sum = Vector.zero
        forEachVector(of: source, count: columns, padding: 0) { x, _, _ in sum += x }
        let mean = sum.sumOfLanes / Float(columns)

        var squares = Vector.zero
        // Padding with the mean adds nothing to the squares.
        forEachVector(of: source, count: columns, padding: mean) { x, _, _ in
            let difference = x - mean
            squares += difference * difference
        }
        let scale = 1 / (squares.sumOfLanes / Float(columns) + epsilon).squareRoot()

        forEachVector(of: source, count: columns, padding: 0) { x, at, lanes in
            let full = lanes == Vector.scalarCount
            let weight = full ? Vector(weight + at) : Vector(weight + at, lanes: lanes, padding: 0)
            let bias = full ? Vector(bias + at) : Vector(bias + at, lanes: lanes, padding: 0)
            ((x - mean) * scale * weight + bias).store(destination + at, lanes: lanes)
        }
    }
}
