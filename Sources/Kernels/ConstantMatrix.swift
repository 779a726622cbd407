/// A row-major matrix that is only read: a weight.
public struct ConstantMatrix: Sendable {
    public let rows: Int
    public let columns: Int
    public let floats: ConstantFloats

    /// `floats` are `[rows, columns]`.
    public init(rows: Int, columns: Int, _ floats: ConstantFloats) {
        precondition(floats.count == rows * columns, "\(floats.count) elements for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.floats = floats
    }

    /// For each column, the sum of its elements times the weights of their rows, in Double: `weights` · matrix.
    public func columnSums(weightedBy weights: [Double]) -> [Double] {
        precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
        return sumRows(floats.base, rowStride: columns, columns: columns, weights)
    }
}

extension Matrix {
    /// The mean of the rows, `[columns]`, in Double.
    public func meanOfRows() -> [Double] {
        sumRows(base, rowStride: rowStride, columns: columns, [Double](repeating: 1, count: rows))
            .map { $0 / Double(rows) }
    }
}

private func sumRows(
    _ base: UnsafePointer<Float>, rowStride: Int, columns: Int, _ weights: [Double]
) -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for (row, weight) in weights.enumerated() {
        let row = base + row * rowStride
        for column in 0..<columns { sums[column] += weight * Double(row[column]) }
    }
    return sums
}
