import KernelTable

/// Softmax-weighted sums over many columns, gathered block by block: Σ exp(score − m) · value / Σ exp(score − m), with m
/// the largest score of the row.
///
/// The largest score so far stands in for m, and what was gathered is scaled down when a larger one comes: the result
/// is the same as for the whole row at once, and memory grows with a block, not with the row.
public struct RunningSoftmax {
    private let rows: Int
    /// The largest scores so far, the sums of powers, and what to multiply earlier sums with, `[3, capacity]`.
    private let buffer: FloatBuffer
    private var isEmpty = true

    /// Floats that the state of `rows` rows takes.
    public static func floatCount(rows: Int) -> Int { 3 * rows }

    /// An empty sum for each of `rows` rows, its state in `buffer`.
    public init(_ buffer: FloatBuffer, rows: Int) {
        precondition(rows >= 0 && Self.floatCount(rows: rows) <= buffer.count, "no room for \(rows) rows")
        self.rows = rows
        self.buffer = buffer
    }

    /// Turns the scores of the next block, `[rows, block]`, into its weights, in place; ``add(_:_:to:_:)`` comes next.
    ///
    /// With `numbers`, whole numbers of 16 bits of as many rows and columns, the weights go there instead, in units of
    /// which the sums are counted as well.
    package func weigh(_ scores: MutableMatrix, into numbers: QuantizedFrames? = nil, _ kernels: KernelSet) {
        precondition(scores.rows == rows, "not \(rows) rows")
        precondition(scores.columns > 0, "a softmax needs a column")
        if let numbers {
            precondition(
                numbers.format == .int16 && numbers.frames == rows && numbers.columns == scores.columns,
                "weights of another size")
            numbers.scales.update(repeating: 1, count: rows)
        }
        kernels.table.softmax(
            SoftmaxBlock(
                scores: scores.base, stride: scores.rowStride, rows: rows, columns: scores.columns, isFirst: isEmpty,
                numbers: numbers?.numbers, maxima: buffer.base, sums: buffer.base + rows,
                corrections: buffer.base + 2 * rows))
    }

    /// Adds the values of a block, `[block, n]`, times its weights, `[rows, block]`, to `sums`, `[rows, n]`.
    package mutating func add(
        _ weights: QuantizedFrames, _ values: Panels, to sums: MutableMatrix, _ kernels: KernelSet
    ) {
        precondition(weights.frames == rows && sums.rows == rows, "not \(rows) rows")
        if isEmpty {
            kernels.multiply(weights.rows, values, into: sums)
        } else {
            kernels.accumulate(weights.rows, values, into: sums, scales: UnsafePointer(buffer.base + 2 * rows))
        }
        isEmpty = false
    }

    /// Adds the values of a block, `[block, n]`, times its weights, `[rows, block]`, to `sums`, `[rows, n]`.
    public mutating func add(_ weights: Matrix, _ values: Panels, to sums: MutableMatrix, _ kernels: KernelSet) {
        precondition(weights.rows == rows && sums.rows == rows, "not \(rows) rows")
        if isEmpty {
            kernels.multiply(weights, values, into: sums)
        } else {
            kernels.accumulate(weights, values, into: sums, scales: UnsafePointer(buffer.base + 2 * rows))
        }
        isEmpty = false
    }

    /// Divides the sums by the sums of the weights.
    public func finish(_ sums: MutableMatrix) {
        precondition(sums.rows == rows && !isEmpty, "nothing was added to \(rows) rows")
        divide(sums)
    }

    /// Divides each row by the sum of its weights.
    func divide(_ matrix: MutableMatrix) {
        for row in 0..<rows {
            let scale = 1 / buffer.base[rows + row]
            let address = matrix.base + row * matrix.rowStride
            for column in 0..<matrix.columns { address[column] *= scale }
        }
    }
}

extension KernelSet {
    /// Softmax of each row, in place: exp(score − m) / Σ exp(score − m), with m the largest score of the row.
    ///
    /// `scratch` holds at least ``RunningSoftmax/floatCount(rows:)`` floats, which are overwritten.
    package func softmax(_ scores: MutableMatrix, scratch: FloatBuffer) {
        let softmax = RunningSoftmax(scratch, rows: scores.rows)
        softmax.weigh(scores, self)
        softmax.divide(scores)
    }
}

extension KernelSet {
    /// sum += scale · x, number by number; both are `[rows, columns]`. With tiles, each is one fused multiply-add.
    package func add(_ x: Matrix, times scale: Float, to sum: MutableMatrix) {
        precondition(x.rows == sum.rows && x.columns == sum.columns, "matrices of different size")
        withUnsafePointer(to: scale) { scale in
            for row in 0..<sum.rows {
                // A product's epilogue, for a product that is the sum so far.
                let destination = sum.base + row * sum.rowStride
                var epilogue = RawEpilogue(destination: destination, destinationStride: sum.rowStride)
                epilogue.residual = x.base + row * x.rowStride
                epilogue.residualStride = x.rowStride
                epilogue.residualScale = scale
                table.finish(UnsafePointer(destination), sum.rowStride, 1, sum.columns, epilogue)
            }
        }
    }
}

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
