import Kernels
import TestSupport
import Testing

@Suite("A sum to which scaled matrices are added")
struct ScaledSumTests {
    @Test("agrees with a loop in Double, and touches nothing else", arguments: Backend.all)
    func agrees(backend: Backend) throws {
        let kernels = try backend.kernels()
        for (rows, columns) in [(1, 1), (2, 15), (3, 16), (7, 17), (5, 45), (13, 130), (0, 4)] {
            var samples = Samples(seed: rows * 1000 + columns)
            let sum = GuardedMatrix(rows: rows, columns: columns)
            sum.matrix.fill(0)
            var exact = [Double](repeating: 0, count: rows * columns)
            let terms = 5
            for _ in 0..<terms {
                let (scale, elements) = (samples.next(), samples.next(rows * columns))
                kernels.add(
                    matrix(rows: rows, columns: columns, rowStride: columns + 2, elements), times: scale,
                    to: sum.matrix)
                for index in exact.indices { exact[index] += Double(scale) * Double(elements[index]) }
            }
            // Each term's product and sum are rounded, the latter up to the number of terms in size.
            let tolerance = Double(terms * (terms + 1)) * Tolerance.rounding
            #expect(largestDifference(sum.elements, exact) <= tolerance, "\(rows) × \(columns)")
            #expect(sum.isIntact)
        }
    }

    @Test("has the same bits however many rows are added at once", arguments: Backend.all)
    func rows(backend: Backend) throws {
        let kernels = try backend.kernels()
        let (x, start) = (matrix(rows: 31, columns: 45, noise(31 * 45)), noise(31 * 45, seed: 2))
        let (whole, parts) = (GuardedMatrix(rows: 31, columns: 45), GuardedMatrix(rows: 31, columns: 45))
        for sum in [whole, parts] { sum.matrix.copy(start) }
        kernels.add(x, times: 0.3, to: whole.matrix)
        for rows in [0..<1, 1..<14, 14..<31] { kernels.add(x[rows: rows], times: 0.3, to: parts.matrix[rows: rows]) }
        #expect(bits(parts.elements) == bits(whole.elements))
    }
}
