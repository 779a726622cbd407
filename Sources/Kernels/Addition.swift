extension MutableMatrix {
    /// Adds `bias`, one per column, to each row, in place.
    public func addBias(_ bias: ConstantVector) {
        precondition(bias.count == columns, "\(bias.count) biases for \(columns) columns")
        let bias = bias.base
        for row in 0..<rows {
            let row = base + row * rowStride
            for column in 0..<columns { row[column] += bias[column] }
        }
    }

    /// Adds a matrix of the same size, in place.
    public func add(_ other: Matrix) {
        precondition(other.rows == rows && other.columns == columns, "matrices of different size")
        for row in 0..<rows {
            let (row, other) = (base + row * rowStride, other.base + row * other.rowStride)
            for column in 0..<columns { row[column] += other[column] }
        }
    }

    /// Adds a matrix of the same size and `bias`, one per column, in place: x + (other + bias).
    public func add(_ other: Matrix, bias: ConstantVector) {
        precondition(other.rows == rows && other.columns == columns, "matrices of different size")
        precondition(bias.count == columns, "\(bias.count) biases for \(columns) columns")
        let bias = bias.base
        for row in 0..<rows {
            let (row, other) = (base + row * rowStride, other.base + row * other.rowStride)
            for column in 0..<columns { row[column] += other[column] + bias[column] }
        }
    }
}
