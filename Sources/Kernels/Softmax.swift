extension MutableMatrix {
    /// Replaces each row by its softmax: exp(x − max) / Σ exp(x − max).
    public func applySoftmax() {
        precondition(columns > 0 || rows == 0, "a softmax needs a column")
        for row in 0..<rows {
            let row = base + row * rowStride
            var largest = Vector(repeating: -.infinity)
            forEachVector(of: row, count: columns, padding: -.infinity) { x, _, _ in largest = largest.larger(x) }
            let maximum = largest.largest

            var sum = Vector.zero
            forEachVector(of: row, count: columns, padding: 0) { x, at, lanes in
                let power = (x - maximum).exponentialOfNegative
                power.store(row + at, lanes: lanes)
                if lanes == Vector.scalarCount {
                    sum += power
                } else {
                    for lane in 0..<lanes { sum[lane] += power[lane] }
                }
            }
            let scale = 1 / sum.sumOfLanes
            forEachVector(of: row, count: columns, padding: 0) { x, at, lanes in
                (x * scale).store(row + at, lanes: lanes)
            }
        }
    }
}
