import Foundation
import Kernels
import TestSupport
import Testing

@Suite("Softmax of rows")
struct RowSoftmaxTests {
    @Test(
        "is that in Double, whatever the scratch held before, and leaves what is beside the rows alone",
        arguments: [(1, 1), (1, 7), (3, 16), (5, 49), (8, 513), (96, 1000)], Backend.all)
    func exact(size: (rows: Int, columns: Int), backend: Backend) throws {
        let kernels = try backend.kernels()
        let (rows, columns) = size
        var samples = Samples(seed: rows * columns)
        for scale: Float in [1, 30, 3e38] {
            let scores = samples.next(rows * columns).map { $0 * scale }
            let guarded = GuardedMatrix(rows: rows, columns: columns)
            guarded.matrix.copy(scores)
            let scratch = FloatBuffer([Float](repeating: .nan, count: RunningSoftmax.floatCount(rows: rows)))
            kernels.softmax(guarded.matrix, scratch: scratch)
            let found = Matrix(guarded.matrix).elements()
            // Weights are at most 1: a relative error of the power, and roundings of their sum and the division.
            let bound = Tolerance.exponential * 2 + Tolerance.sum(of: columns, magnitude: 0.5) + 2 * Tolerance.rounding
            for row in 0..<rows {
                let row = row * columns..<(row + 1) * columns
                let largest = Double(scores[row].max() ?? 0)
                let powers = scores[row].map { exp(Double($0) - largest) }
                let sum = powers.reduce(0, +)
                #expect(largestDifference(Array(found[row]), powers.map { $0 / sum }) <= bound)
                #expect(abs(found[row].reduce(0) { $0 + Double($1) } - 1) <= bound)
            }
            #expect(guarded.isIntact)
        }
    }
}
