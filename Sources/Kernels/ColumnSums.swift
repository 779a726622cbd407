extension Matrix {
    /// For each column, the sum of its elements times the weights of their rows, in Double: `weights` · matrix.
    public func columnSums(weightedBy weights: [Double]) -> [Double] {
        precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
        var sums = [Double](repeating: 0, count: columns)
        for (row, weight) in weights.enumerated() {
            let row = base + row * rowStride
            for column in 0..<columns { sums[column] += weight * Double(row[column]) }
        }
        return sums
    }

    /// The mean of the rows, `[columns]`, in Double.
    public func meanOfRows() -> [Double] {
        columnSums(weightedBy: [Double](repeating: 1, count: rows)).map { $0 / Double(rows) }
    }
}
