/// LayerNorm over the columns of a matrix: (x − mean) / √(variance + epsilon) · weight + bias, each row for itself.
///
/// Inputs and outputs are float32; what is between them is Double, so that a norm adds one rounding to each number.
public struct LayerNorm: Sendable {
    private let weight: ConstantVector
    private let bias: ConstantVector
    private let epsilon: Double

    /// `weight` and `bias` are `[columns]`.
    public init(weight: [Float], bias: [Float], epsilon: Double) {
        precondition(weight.count == bias.count && !weight.isEmpty, "a norm's weight and bias differ in size")
        self.weight = ConstantVector(weight)
        self.bias = ConstantVector(bias)
        self.epsilon = epsilon
    }

    /// Normalises the rows of `source` into `destination`, which may be the same; the variance is that of the
    /// differences from the mean (two passes). With `inputBias`, one per column, it is added to each row first.
    public func apply(_ source: Matrix, into destination: MutableMatrix, inputBias: ConstantVector? = nil) {
        let columns = weight.count
        precondition(source.columns == columns && destination.columns == columns, "rows are not \(columns) wide")
        precondition(source.rows == destination.rows, "\(source.rows) rows into \(destination.rows)")
        precondition(inputBias == nil || inputBias?.count == columns, "the input's bias is not \(columns) wide")
        for row in 0..<source.rows {
            let (source, destination) = (
                source.base + row * source.rowStride, destination.base + row * destination.rowStride
            )
            if let inputBias {
                let inputBias = inputBias.base
                normalize(into: destination) { at, lanes in
                    DoubleVector(source + at, lanes: lanes) + DoubleVector(inputBias + at, lanes: lanes)
                }
            } else {
                normalize(into: destination) { at, lanes in DoubleVector(source + at, lanes: lanes) }
            }
        }
    }

    /// Normalises rows in place.
    public func apply(_ matrix: MutableMatrix, inputBias: ConstantVector? = nil) {
        apply(Matrix(matrix), into: matrix, inputBias: inputBias)
    }

    /// `input` gives the row's numbers from a column on, zeros beyond its lanes.
    @inline(__always)
    private func normalize(
        into destination: UnsafeMutablePointer<Float>, input: (_ at: Int, _ lanes: Int) -> DoubleVector
    ) {
        let columns = weight.count
        let (weight, bias) = (weight.base, bias.base)
        var sum = DoubleVector.zero
        forEachDoubleVector(columns) { at, lanes in sum += input(at, lanes) }
        let mean = sum.sum() / Double(columns)

        var squares = DoubleVector.zero
        forEachDoubleVector(columns) { at, lanes in
            var difference = input(at, lanes) - mean
            for lane in lanes..<DoubleVector.scalarCount { difference[lane] = 0 }
            squares += difference * difference
        }
        let scale = 1 / (squares.sum() / Double(columns) + epsilon).squareRoot()

        forEachDoubleVector(columns) { at, lanes in
            let normalized = (input(at, lanes) - mean) * scale
            (normalized * DoubleVector(weight + at, lanes: lanes) + DoubleVector(bias + at, lanes: lanes))
                .store(destination + at, lanes: lanes)
        }
    }
}

private typealias DoubleVector = SIMD8<Double>

extension DoubleVector {
    /// The first `lanes` floats from `address`, and zeros.
    @inline(__always)
    fileprivate init(_ address: UnsafePointer<Float>, lanes: Int) {
        if lanes == Self.scalarCount {
            self.init(UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Float>.self))
        } else {
            self = .zero
            for lane in 0..<lanes { self[lane] = Double(address[lane]) }
        }
    }

    /// Rounds the first `lanes` lanes to floats.
    @inline(__always)
    fileprivate func store(_ address: UnsafeMutablePointer<Float>, lanes: Int) {
        if lanes == Self.scalarCount {
            UnsafeMutableRawPointer(address).storeBytes(of: SIMD8<Float>(self), as: SIMD8<Float>.self)
        } else {
            for lane in 0..<lanes { address[lane] = Float(self[lane]) }
        }
    }
}

/// Calls `body` for each vector of `count` numbers, the last with fewer lanes if need be.
@inline(__always)
private func forEachDoubleVector(_ count: Int, body: (_ at: Int, _ lanes: Int) -> Void) {
    var index = 0
    while index + DoubleVector.scalarCount <= count {
        body(index, DoubleVector.scalarCount)
        index += DoubleVector.scalarCount
    }
    if index < count { body(index, count - index) }
}
