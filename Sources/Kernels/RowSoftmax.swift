import KernelTable

extension KernelSet {
    /// Softmax of each row, in place: exp(score − m) / Σ exp(score − m), with m the largest score of the row.
    ///
    /// `scratch` holds at least ``RunningSoftmax/floatCount(rows:)`` floats, which are overwritten.
    public func softmax(_ scores: MutableMatrix, scratch: FloatBuffer) {
        let rows = scores.rows
        precondition(RunningSoftmax.floatCount(rows: rows) <= scratch.count, "no room for \(rows) rows")
        precondition(scores.columns > 0, "a softmax needs a column")
        let sums = scratch.base + rows
        table.softmax(
            SoftmaxBlock(
                scores: scores.base, stride: scores.rowStride, rows: rows, columns: scores.columns, isFirst: true,
                maxima: scratch.base, sums: sums, corrections: scratch.base + 2 * rows))
        for row in 0..<rows {
            let scale = 1 / sums[row]
            let address = scores.base + row * scores.rowStride
            for column in 0..<scores.columns { address[column] *= scale }
        }
    }
}
