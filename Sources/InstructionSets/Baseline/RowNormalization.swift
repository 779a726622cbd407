import CIntrinsics
import KernelTable

private typealias DoubleVector = SIMD16<Double>

extension RowNormalization {
    /// Inputs and outputs are float32; what is between them is Double, so that a norm adds one rounding to each number.
    func run() {
        for row in 0..<rows {
            let (source, destination) = (source + row * sourceStride, destination + row * destinationStride)
            // Twice the same, so that the test is not inside the loops.
            if let inputBias {
                normalize(into: destination) { column, lanes in
                    DoubleVector(source + column, lanes: lanes) + DoubleVector(inputBias + column, lanes: lanes)
                }
            } else {
                normalize(into: destination) { column, lanes in DoubleVector(source + column, lanes: lanes) }
            }
        }
    }

    /// `input` gives the row's numbers from a column on, zeros beyond its lanes. The variance is that of the differences
    /// from the mean (two passes).
    @inline(__always)
    private func normalize(
        into destination: UnsafeMutablePointer<Float>, input: (_ column: Int, _ lanes: Int) -> DoubleVector
    ) {
        var sum = DoubleVector.zero
        forEachDoubleVector { column, lanes in sum += input(column, lanes) }
        let mean = sum.sum() / Double(columns)

        var squares = DoubleVector.zero
        forEachDoubleVector { column, lanes in
            var difference = input(column, lanes) - mean
            for lane in lanes..<DoubleVector.scalarCount { difference[lane] = 0 }
            squares += difference * difference
        }
        let scale = 1 / (squares.sum() / Double(columns) + epsilon).squareRoot()

        forEachDoubleVector { column, lanes in
            let normalized = (input(column, lanes) - mean) * scale
            let x = normalized * DoubleVector(weight + column, lanes: lanes) + DoubleVector(bias + column, lanes: lanes)
            let rounded = rounded_to_float(x)
            (gelu ? rounded.gelu : rounded).store(destination + column, lanes: lanes)
        }
    }

    /// Calls `body` for each vector of a row, the last with fewer lanes if need be.
    @inline(__always)
    private func forEachDoubleVector(_ body: (_ column: Int, _ lanes: Int) -> Void) {
        var column = 0
        while column + DoubleVector.scalarCount <= columns {
            body(column, DoubleVector.scalarCount)
            column += DoubleVector.scalarCount
        }
        if column < columns { body(column, columns - column) }
    }
}

extension DoubleVector {
    /// The first `lanes` floats from `address`, and zeros.
    @inline(__always)
    fileprivate init(_ address: UnsafePointer<Float>, lanes: Int) {
        self = widened(Vector(address, lanes: lanes, padding: 0))
    }
}
