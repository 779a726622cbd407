extension KernelSet {
    /// Softmax of each row, in place: exp(score − m) / Σ exp(score − m), with m the largest score of the row.
    ///
    /// `scratch` holds at least ``RunningSoftmax/floatCount(rows:)`` floats, which are overwritten.
    public func softmax(_ scores: MutableMatrix, scratch: FloatBuffer) {
        let softmax = RunningSoftmax(scratch, rows: scores.rows)
        softmax.weigh(scores, self)
        softmax.divide(scores)
    }
}
