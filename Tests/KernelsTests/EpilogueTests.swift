import Kernels
import TestSupport
import Testing

@Suite("What is done to a product")
struct EpilogueTests {
    /// Which of the three are done: each alone, and all together.
    struct Parts: Sendable, CustomTestStringConvertible {
        var bias = false
        var gelu = false
        var residual = false

        static let all = (0..<8).map { Parts(bias: $0 & 1 != 0, gelu: $0 & 2 != 0, residual: $0 & 4 != 0) }

        var testDescription: String {
            let names = [bias ? "bias" : nil, gelu ? "gelu" : nil, residual ? "residual" : nil].compactMap { $0 }
            return names.isEmpty ? "nothing" : names.joined(separator: " ")
        }
    }

    @Test("agrees with Double, also where the residual is the destination", arguments: Parts.all, Backend.all)
    func agrees(parts: Parts, backend: Backend) throws {
        let kernels = try backend.kernels()
        for (rows, columns, depth) in [(1, 1, 1), (7, 17, 3), (49, 64, 128), (13, 130, 129), (257, 65, 33)] {
            var samples = Samples(seed: rows + columns)
            // GELU's whole bend is within a few units.
            let a = samples.next(rows * depth).map { $0 * 4 / Float(depth).squareRoot() }
            let (b, biases, residuals) = (
                samples.next(depth * columns), samples.next(columns), samples.next(rows * columns)
            )
            let exact = productInDouble(a, b, rows, columns, depth).enumerated().map { index, product in
                let x = product + (parts.bias ? Double(biases[index % columns]) : 0)
                return (parts.gelu ? geluInDouble(x) : x) + (parts.residual ? Double(residuals[index]) : 0)
            }

            let (left, right) = (matrix(rows: rows, columns: depth, a), panels(depth: depth, columns: columns, b))
            let bias = parts.bias ? ConstantVector(biases) : nil
            let apart = GuardedMatrix(rows: rows, columns: columns)
            let residual = matrix(rows: rows, columns: columns, rowStride: columns + 2, residuals)
            kernels.multiply(
                left, right, into: apart.matrix,
                Epilogue(bias: bias, gelu: parts.gelu, adding: parts.residual ? residual : nil))
            // Products of up to 4 / √depth; the bias and the residual each add a rounding of up to 4.
            let argument = Tolerance.sum(of: depth, magnitude: 4 / Double(depth).squareRoot()) + 8 * Tolerance.rounding
            let tolerance = Tolerance.geluSlope * argument + Tolerance.geluBump
            #expect(largestDifference(apart.elements, exact) <= tolerance, "\(rows) × \(columns)")
            #expect(apart.isIntact)

            guard parts.residual else { continue }
            let inPlace = GuardedMatrix(rows: rows, columns: columns)
            inPlace.matrix.copy(residuals)
            kernels.multiply(
                left, right, into: inPlace.matrix,
                Epilogue(bias: bias, gelu: parts.gelu, adding: Matrix(inPlace.matrix)), team: ThreadTeam(count: 2))
            #expect(bits(inPlace.elements) == bits(apart.elements), "\(rows) × \(columns)")
            #expect(inPlace.isIntact)
        }
    }

    @Test("GELU agrees with erfc in Double over its whole range", arguments: Backend.all)
    func gelu(backend: Backend) throws {
        let kernels = try backend.kernels()
        let range = stride(from: Float(-20), through: 20, by: 1.0 / 512)
        let inputs = Array(range) + [-1e30, 1e30, -0.0, 1e-30, -1e-8, -13, 13, -3.4e38, 3.4e38]
        let result = GuardedMatrix(rows: 1, columns: inputs.count)
        // One times each input.
        kernels.multiply(
            matrix(rows: 1, columns: 1, [1]), panels(depth: 1, columns: inputs.count, inputs), into: result.matrix,
            Epilogue(gelu: true))
        var worst = (error: 0.0, at: Float(0))
        for (x, y) in zip(inputs, result.elements) {
            let exact = geluInDouble(Double(x))
            let error = abs(Double(y) - exact) - Tolerance.rounding * abs(exact)
            if !(error <= worst.error) { worst = (error, x) }
        }
        #expect(worst.error <= Tolerance.geluBump, "at \(worst.at)")
    }
}
