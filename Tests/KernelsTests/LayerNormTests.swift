import Testing

@testable import Kernels

@Suite("LayerNorm")
struct LayerNormTests {
    @Test("agrees with two passes in Double", arguments: awkwardSizes + [512, 1024], [Float(0), 100])
    func agrees(columns: Int, offset: Float) {
        var samples = Samples(seed: UInt64(columns))
        let x = samples.next(3 * columns).map { $0 + offset }
        let (weight, bias) = (samples.next(columns), samples.next(columns))
        let norm = LayerNorm(weight: weight, bias: bias, epsilon: 1e-5)
        let source = mutableMatrix(rows: 3, columns: columns, rowStride: columns + 3, x)
        let result = mutableMatrix(rows: 3, columns: columns, [Float](repeating: 0, count: 3 * columns))
        norm.apply(Matrix(source), into: result)

        for row in 0..<3 {
            let values = x[row * columns..<(row + 1) * columns].map(Double.init)
            let mean = values.reduce(0, +) / Double(columns)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
            let scale = 1 / (variance + 1e-5).squareRoot()
            let expected = values.indices.map { (values[$0] - mean) * scale * Double(weight[$0]) + Double(bias[$0]) }
            for (value, exact) in zip(Matrix(result).row(row), expected) {
                // One rounding to float32; the sums in another order change the last bits of a Double.
                #expect(abs(Double(value) - exact) <= Tolerance.rounding * abs(exact) + 1e-12)
            }
        }
        norm.apply(source)
        #expect(Matrix(source).elements() == Matrix(result).elements(), "in place is the same")
    }

    @Test("adds a bias to its input first", arguments: awkwardSizes)
    func inputBias(columns: Int) {
        var samples = Samples(seed: UInt64(columns))
        let (x, inputBias) = (samples.next(columns), samples.next(columns))
        let norm = LayerNorm(weight: samples.next(columns), bias: samples.next(columns), epsilon: 1e-5)
        // Of so few bits that their sums are exact in float32.
        let coarse = x.map { ($0 * 4096).rounded() / 4096 }
        let coarseBias = inputBias.map { ($0 * 4096).rounded() / 4096 }
        let (added, expected) = (
            mutableMatrix(rows: 1, columns: columns, coarse), mutableMatrix(rows: 1, columns: columns, coarse)
        )
        norm.apply(added, inputBias: ConstantVector(coarseBias))
        expected.addBias(ConstantVector(coarseBias))
        norm.apply(expected)
        #expect(Matrix(added).row(0) == Matrix(expected).row(0))
    }

    @Test("of equal numbers is the bias")
    func constant() {
        let norm = LayerNorm(weight: [2, 2, 2], bias: [1, -1, 0.5], epsilon: 1e-5)
        let matrix = mutableMatrix(rows: 1, columns: 3, [7, 7, 7])
        norm.apply(matrix)
        #expect(Matrix(matrix).row(0) == [1, -1, 0.5])
    }
}
