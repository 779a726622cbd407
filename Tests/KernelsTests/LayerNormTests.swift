import Kernels
import TestSupport
import Testing

@Suite("LayerNorm")
struct LayerNormTests {
    static let epsilon = 1e-5
    static let columns = [1, 2, 3, 15, 16, 17, 31, 33, 127, 512, 1024]

    /// Rows and a norm for them, and what it makes of them in Double.
    private struct NormCase {
        let rows = 3
        let columns: Int
        let source: [Float]
        let inputBias: [Float]?
        private let weight: [Float]
        private let bias: [Float]

        /// `outlier` is added to the first number of each row.
        init(columns: Int, offset: Float, outlier: Float = 0, hasInputBias: Bool = false) {
            var samples = Samples(seed: columns)
            self.columns = columns
            var source = samples.next(rows * columns).map { 3 * $0 + offset }
            for row in 0..<rows { source[row * columns] += outlier }
            self.source = source
            weight = samples.next(columns)
            bias = samples.next(columns)
            inputBias = hasInputBias ? samples.next(columns) : nil
        }

        var norm: LayerNorm {
            LayerNorm(weight: ConstantVector(weight), bias: ConstantVector(bias), epsilon: LayerNormTests.epsilon)
        }

        var inDouble: [Double] {
            (0..<rows).flatMap { row in
                let values = (0..<columns).map { column in
                    Double(source[row * columns + column]) + (inputBias.map { Double($0[column]) } ?? 0)
                }
                let mean = values.reduce(0, +) / Double(columns)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
                let scale = 1 / (variance + LayerNormTests.epsilon).squareRoot()
                return values.indices.map { (values[$0] - mean) * scale * Double(weight[$0]) + Double(bias[$0]) }
            }
        }
    }

    @Test("agrees with two passes in Double", arguments: columns, Backend.all)
    func agrees(columns: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        for (offset, outlier) in [(Float(0), Float(0)), (100, 0), (1e4, 0), (1, -1e4)] {
            for hasInputBias in [false, true] {
                let rows = NormCase(columns: columns, offset: offset, outlier: outlier, hasInputBias: hasInputBias)
                let source = mutableMatrix(rows: rows.rows, columns: columns, rowStride: columns + 3, rows.source)
                let result = GuardedMatrix(rows: rows.rows, columns: columns)
                let inputBias = rows.inputBias.map { ConstantVector($0) }
                kernels.normalize(Matrix(source), into: result.matrix, rows.norm, inputBias: inputBias)
                // One rounding to float32. The sums in another order change the last bits of a Double, of numbers as
                // large as the offset over as small a deviation as √epsilon.
                let inDouble = 1e-11 + Double(max(offset, -outlier)) * 1e-12
                for (value, exact) in zip(result.elements, rows.inDouble) {
                    #expect(abs(Double(value) - exact) <= Tolerance.rounding * abs(exact) + inDouble)
                }
                #expect(result.isIntact)
                kernels.normalize(Matrix(source), into: source, rows.norm, inputBias: inputBias)
                #expect(bits(Matrix(source).elements()) == bits(result.elements), "in place is the same")
            }
        }
    }

    @Test("with GELU agrees with Double", arguments: columns, Backend.all)
    func gelu(columns: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        for hasInputBias in [false, true] {
            let rows = NormCase(columns: columns, offset: 1, hasInputBias: hasInputBias)
            let result = GuardedMatrix(rows: rows.rows, columns: columns)
            kernels.normalize(
                matrix(rows: rows.rows, columns: columns, rows.source), into: result.matrix, rows.norm,
                inputBias: rows.inputBias.map { ConstantVector($0) }, gelu: true)
            for (value, x) in zip(result.elements, rows.inDouble) {
                // The argument and the result are rounded.
                let tolerance = Tolerance.geluBump + Tolerance.rounding * (1 + Tolerance.geluSlope) * max(1, abs(x))
                #expect(abs(Double(value) - geluInDouble(x)) <= tolerance)
            }
            #expect(result.isIntact)
        }
    }

    @Test("of equal numbers is the bias", arguments: columns, Backend.all)
    func constant(columns: Int, backend: Backend) throws {
        let kernels = try backend.kernels()
        var samples = Samples(seed: columns)
        let bias = samples.next(columns)
        let norm = LayerNorm(
            weight: ConstantVector(samples.next(columns)), bias: ConstantVector(bias), epsilon: Self.epsilon)
        // A quarter is a number whose sums are exact.
        for value in [Float(0), 7.25, -1e4] {
            let result = GuardedMatrix(rows: 1, columns: columns)
            kernels.normalize(
                matrix(rows: 1, columns: columns, [Float](repeating: value, count: columns)), into: result.matrix,
                norm)
            #expect(result.elements == bias)
        }
    }

    @Test("gives a row the same bits whatever rows are beside it", arguments: Backend.all)
    func rowsApart(backend: Backend) throws {
        let kernels = try backend.kernels()
        var samples = Samples(seed: 1)
        let source = matrix(rows: 9, columns: 77, samples.next(9 * 77))
        let norm = LayerNorm(
            weight: ConstantVector(samples.next(77)), bias: ConstantVector(samples.next(77)), epsilon: Self.epsilon)
        let whole = mutableMatrix(rows: 9, columns: 77, samples.next(9 * 77))
        kernels.normalize(source, into: whole, norm, gelu: true)
        for row in 0..<9 {
            let alone = mutableMatrix(rows: 1, columns: 77, samples.next(77))
            kernels.normalize(source[rows: row..<row + 1], into: alone, norm, gelu: true)
            #expect(bits(Matrix(alone).row(0)) == bits(Matrix(whole).row(row)))
        }
    }

    @Test("of rows of another width is stopped")
    func bounds() async {
        await #expect(processExitsWith: .failure) {
            let rows = mutableMatrix(rows: 1, columns: 3, [1, 2, 3])
            let norm = LayerNorm(weight: ConstantVector([1, 1]), bias: ConstantVector([0, 0]), epsilon: 1e-5)
            try KernelSet().normalize(Matrix(rows), into: rows, norm)
        }
        await #expect(processExitsWith: .failure) {
            let rows = mutableMatrix(rows: 1, columns: 2, [1, 2])
            let norm = LayerNorm(weight: ConstantVector([1, 1]), bias: ConstantVector([0, 0]), epsilon: 1e-5)
            try KernelSet().normalize(Matrix(rows), into: rows, norm, inputBias: ConstantVector([1]))
        }
        await #expect(processExitsWith: .failure) {
            _ = LayerNorm(weight: ConstantVector([1, 1]), bias: ConstantVector([0]), epsilon: 1e-5)
        }
    }
}
