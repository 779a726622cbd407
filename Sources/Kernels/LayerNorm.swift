import KernelTable

/// LayerNorm over the columns of a matrix: (x − mean) / √(variance + epsilon) · weight + bias, each row for itself.
public struct LayerNorm: Sendable {
    package let weight: ConstantVector
    package let bias: ConstantVector
    package let epsilon: Double

    /// `weight` and `bias` are `[columns]`.
    public init(weight: ConstantVector, bias: ConstantVector, epsilon: Double) {
        precondition(weight.count == bias.count && weight.count > 0, "a norm's weight and bias differ in size")
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }
}

extension KernelSet {
    /// Normalises the rows of `source` into `destination`, which may be the same. With `inputBias`, one per column, it
    /// is added to each row first; with `gelu`, GELU is applied to the result.
    public func normalize(
        _ source: Matrix, into destination: MutableMatrix, _ norm: LayerNorm, inputBias: ConstantVector? = nil,
        gelu: Bool = false
    ) {
        let columns = norm.weight.count
        precondition(source.columns == columns && destination.columns == columns, "rows are not \(columns) wide")
        precondition(source.rows == destination.rows, "\(source.rows) rows into \(destination.rows)")
        precondition(inputBias.map { $0.count == columns } ?? true, "the input's bias is not \(columns) wide")
        table.normalize(
            RowNormalization(
                source: source.base, sourceStride: source.rowStride, destination: destination.base,
                destinationStride: destination.rowStride, rows: source.rows, columns: columns,
                inputBias: inputBias?.base, weight: norm.weight.base, bias: norm.bias.base, epsilon: norm.epsilon,
                gelu: gelu))
    }
}
