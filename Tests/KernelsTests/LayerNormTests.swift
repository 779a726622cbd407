import Testing

@testable import Kernels

@Suite("LayerNorm")
struct LayerNormTests {
    /// Relative to the largest term: a mean, a variance, a root, a product and a sum, each rounded.
    static let tolerance = 16 * Tolerance.rounding

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
            let scale = 1 / (variance + Double(Float(1e-5))).squareRoot()
            let expected = values.indices.map { (values[$0] - mean) * scale * Double(weight[$0]) + Double(bias[$0]) }
            // The mean's own rounding counts once for each unit of scale.
            let bound = Self.tolerance * (4 + abs(mean) * scale)
            #expect(largestDifference(Matrix(result).row(row), expected) <= bound)
        }
        norm.apply(source)
        #expect(Matrix(source).elements() == Matrix(result).elements(), "in place is the same")
    }

    @Test("of equal numbers is the bias")
    func constant() {
        let norm = LayerNorm(weight: [2, 2, 2], bias: [1, -1, 0.5], epsilon: 1e-5)
        let matrix = mutableMatrix(rows: 1, columns: 3, [7, 7, 7])
        norm.apply(matrix)
        #expect(Matrix(matrix).row(0) == [1, -1, 0.5])
    }
}
