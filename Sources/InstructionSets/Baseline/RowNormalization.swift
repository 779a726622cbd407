import CIntrinsics
import KernelTable

private typealias DoubleVector = SIMD16<Double>

extension RowNormalization {
    /// Inputs and outputs are float32; what is between them is Double, so that a norm adds one rounding to each number.
    func run() {
        let vectors = (columns + Vector.scalarCount - 1) / Vector.scalarCount
        let differences = UnsafeMutableRawPointer.allocate(
            byteCount: vectors * MemoryLayout<DoubleVector>.stride, alignment: MemoryLayout<DoubleVector>.stride
        )
        .bindMemory(to: DoubleVector.self, capacity: vectors)
        defer { differences.deallocate() }
        for row in 0..<rows {
            let (source, destination) = (source + row * sourceStride, destination + row * destinationStride)
            let (mean, scale) = measure(source, vectors: vectors, into: differences)
            for index in 0..<vectors {
                let column = index * Vector.scalarCount
                let lanes = min(Vector.scalarCount, columns - column)
                let normalized = (differences[index] - mean) * scale
                let weight = widened(Vector(weight + column, lanes: lanes, padding: 0))
                let bias = widened(Vector(bias + column, lanes: lanes, padding: 0))
                var x = rounded_to_float(normalized * weight + bias)
                if gelu { x = x.gelu }
                x.store(destination + column, lanes: lanes)
            }
        }
    }

    /// The row's differences from its first number, their mean, and 1 / √(variance + epsilon).
    ///
    /// The variance is the mean square less the mean's square. Counted from one of the row's own numbers, the first is at
    /// most `columns` times as large as what is left of it: Double keeps twelve digits of the variance, whatever the mean.
    @inline(__always)
    private func measure(
        _ source: UnsafePointer<Float>, vectors: Int, into differences: UnsafeMutablePointer<DoubleVector>
    ) -> (mean: Double, scale: Double) {
        let inputBias = inputBias
        let first = Double(source[0]) + (inputBias.map { Double($0[0]) } ?? 0)
        var (sum, squares) = (DoubleVector.zero, DoubleVector.zero)
        for index in 0..<vectors {
            let column = index * Vector.scalarCount
            let lanes = min(Vector.scalarCount, columns - column)
            // Padded with the first number, differences beyond the last column are zero.
            var difference = widened(Vector(source + column, lanes: lanes, padding: source[0]))
            if let inputBias { difference += widened(Vector(inputBias + column, lanes: lanes, padding: inputBias[0])) }
            difference -= first
            differences[index] = difference
            sum += difference
            squares += difference * difference
        }
        let mean = sum.sum() / Double(columns)
        let variance = max(squares.sum() / Double(columns) - mean * mean, 0)
        return (mean, 1 / (variance + epsilon).squareRoot())
    }
}
