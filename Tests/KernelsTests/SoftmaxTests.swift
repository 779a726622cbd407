import Foundation
import Kernels
import TestSupport
import Testing

@Suite("Running softmax")
struct SoftmaxTests {
    /// Scores that are hard in one way or another.
    enum Scores: String, CaseIterable {
        case usual, wide, veryWide, equal, rising, falling, lonely

        func make(rows: Int, keys: Int) -> [Float] {
            var samples = Samples(seed: rows + keys)
            let noise = samples.next(rows * keys)
            return noise.enumerated().map { index, x in
                let key = index % keys
                switch self {
                case .usual: return 4 * x
                case .wide: return 80 * x
                // Such differences overflow an exponential that isn't that of negative numbers.
                case .veryWide: return 3e38 * x
                case .equal: return -7.25
                // Each block has a larger maximum than those before.
                case .rising: return -80 + 160 * Float(key) / Float(keys)
                case .falling: return 80 - 160 * Float(key) / Float(keys)
                // All the weight on one key, in the middle.
                case .lonely: return key == keys / 2 ? 1000 : x
                }
            }
        }
    }

    /// What the blocks of a row give: softmax(scores) · values.
    private func attend(
        _ scores: [Float], _ values: [Float], rows: Int, keys: Int, columns: Int, block: Int, _ kernels: KernelSet
    ) -> GuardedMatrix {
        let result = GuardedMatrix(rows: rows, columns: columns)
        let values = panels(depth: keys, columns: columns, values)
        let state = FloatBuffer(count: RunningSoftmax.floatCount(rows: rows))
        // What an earlier use left there counts for nothing.
        MutableMatrix(state, rows: 1, columns: state.count).fill(.nan)
        var softmax = RunningSoftmax(state, rows: rows)
        for first in stride(from: 0, to: keys, by: block) {
            let seen = first..<min(keys, first + block)
            let part = GuardedMatrix(rows: rows, columns: seen.count)
            part.matrix.copy((0..<rows).flatMap { scores[$0 * keys + seen.lowerBound..<$0 * keys + seen.upperBound] })
            softmax.weigh(part.matrix, kernels)
            softmax.add(Matrix(part.matrix), values[depth: seen], to: result.matrix, kernels)
            #expect(part.isIntact)
        }
        softmax.finish(result.matrix)
        return result
    }

    private func inDouble(_ scores: [Float], _ values: [Float], rows: Int, keys: Int, columns: Int) -> [Double] {
        (0..<rows).flatMap { row in
            let scores = scores[row * keys..<(row + 1) * keys].map(Double.init)
            let largest = scores.max() ?? 0
            let powers = scores.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return (0..<columns).map { column in
                powers.indices.reduce(0) { $0 + powers[$1] / sum * Double(values[$1 * columns + column]) }
            }
        }
    }

    /// Weights that sum to one, times values up to one: each weight has the error of its power and of its sum, each block
    /// scales what came before with a power of its own, and the products are summed.
    private func tolerance(keys: Int, blocks: Int) -> Double {
        Double(blocks + 2) * (Tolerance.exponential + 2 * Tolerance.rounding)
            + 2 * Double(keys).squareRoot() * Tolerance.rounding
    }

    @Test("agrees with Double, in blocks of any size", arguments: Scores.allCases, Backend.all)
    func agrees(kind: Scores, backend: Backend) throws {
        let kernels = try backend.kernels()
        for (rows, keys, columns) in [(1, 1, 1), (3, 17, 5), (7, 64, 64), (13, 65, 16), (96, 150, 64), (5, 600, 20)] {
            let scores = kind.make(rows: rows, keys: keys)
            var samples = Samples(seed: keys)
            let values = samples.next(keys * columns)
            let exact = inDouble(scores, values, rows: rows, keys: keys, columns: columns)
            for block in [1, 2, 15, 16, 17, 64, 512, 1000] {
                let result = attend(
                    scores, values, rows: rows, keys: keys, columns: columns, block: block, kernels)
                let blocks = (keys + block - 1) / block
                #expect(
                    largestDifference(result.elements, exact) <= tolerance(keys: keys, blocks: blocks),
                    "\(rows) × \(keys), blocks of \(block)")
                #expect(result.isIntact)
            }
        }
    }

    @Test("has weights that sum to one", arguments: Scores.allCases, Backend.all)
    func sums(kind: Scores, backend: Backend) throws {
        let kernels = try backend.kernels()
        for (keys, block) in [(1, 1), (17, 5), (600, 512)] {
            let ones = [Float](repeating: 1, count: keys)
            let result = attend(
                kind.make(rows: 6, keys: keys), ones, rows: 6, keys: keys, columns: 1, block: block, kernels)
            let blocks = (keys + block - 1) / block
            #expect(
                largestDifference(result.elements, [Double](repeating: 1, count: 6))
                    <= tolerance(keys: keys, blocks: blocks))
        }
    }

    @Test("knows the exponential of negative numbers to the last place but one", arguments: Backend.all)
    func exponential(backend: Backend) throws {
        let kernels = try backend.kernels()
        // Two keys with scores 0 and x have weights whose ratio is e to the x.
        let inputs = Array(stride(from: Float(-87), through: 0, by: 1.0 / 64)) + [-1e-7, -1e-30]
        let scores = inputs.flatMap { x -> [Float] in [0, x] }
        for block in [1, 2] {
            let weights = attend(
                scores, [1, 0, 0, 1], rows: inputs.count, keys: 2, columns: 2, block: block, kernels
            ).elements
            var worst = (error: 0.0, at: Float(0))
            for (index, x) in inputs.enumerated() {
                let ratio = Double(weights[2 * index + 1]) / Double(weights[2 * index])
                let error = abs(ratio / exp(Double(x)) - 1)
                if !(error <= worst.error) { worst = (error, x) }
            }
            // Both weights are rounded once more, when they are divided by their sum.
            #expect(worst.error <= Tolerance.exponential + 2 * Tolerance.rounding, "at \(worst.at)")
        }
    }

    @Test("gives a row the same bits whatever rows are beside it, with tiles", arguments: Backend.tiles)
    func rowsApart(backend: Backend) throws {
        let kernels = try backend.kernels()
        let (rows, keys, columns) = (97, 130, 64)
        let scores = Scores.usual.make(rows: rows, keys: keys)
        var samples = Samples(seed: 2)
        let values = samples.next(keys * columns)
        let together = attend(
            scores, values, rows: rows, keys: keys, columns: columns, block: 64, kernels)
        let again = attend(scores, values, rows: rows, keys: keys, columns: columns, block: 64, kernels)
        #expect(bits(again.elements) == bits(together.elements))
        for (first, count) in [(0, 1), (5, 7), (40, 57)] {
            let part = attend(
                Array(scores[first * keys..<(first + count) * keys]), values, rows: count, keys: keys,
                columns: columns, block: 64, kernels)
            #expect(
                bits(part.elements) == bits(Array(together.elements[first * columns..<(first + count) * columns])))
        }
    }

    @Test("of nothing, or without room, is stopped")
    func bounds() async {
        await #expect(processExitsWith: .failure) { _ = RunningSoftmax(FloatBuffer(count: 5), rows: 2) }
        await #expect(processExitsWith: .failure) {
            RunningSoftmax(FloatBuffer(count: 6), rows: 2).finish(
                MutableMatrix(FloatBuffer(count: 2), rows: 2, columns: 1))
        }
        await #expect(processExitsWith: .failure) {
            RunningSoftmax(FloatBuffer(count: 6), rows: 2).weigh(
                MutableMatrix(FloatBuffer(count: 2), rows: 1, columns: 2), try KernelSet())
        }
        await #expect(processExitsWith: .failure) {
            var softmax = RunningSoftmax(FloatBuffer(count: 6), rows: 2)
            softmax.add(
                Matrix(FloatBuffer(count: 2), rows: 1, columns: 2), panels(depth: 2, columns: 1, [1, 2]),
                to: MutableMatrix(FloatBuffer(count: 1), rows: 1, columns: 1), try KernelSet())
        }
    }
}
