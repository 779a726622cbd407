import Foundation
import KernelTable
import TestSupport
import Testing

@testable import Kernels

@Suite("Attention in whole numbers")
struct AttentionNumberTests {
    /// Panels that were filled, to be read.
    private func filled(depth: Int, columns: Int, _ fill: (QuantizedPanels) -> Void) -> ConstantPanels {
        let layout = PanelLayout(.int16, depth: depth, columns: columns)
        let count = QuantizedPanels.floatCount(depth: depth, columns: columns)
        // What it held before doesn't matter.
        let buffer = FloatBuffer([Float](repeating: .nan, count: count))
        fill(QuantizedPanels(buffer, depth: depth, columns: columns))
        return ConstantPanels(layout, ConstantBytes(buffer, floats: count))
    }

    @Test(
        "columns are within half a step, their runs within the norm that keeps sums in 32 bits, on all instructions",
        arguments: HardNumbers.all)
    func columns(numbers: HardNumbers) throws {
        let columns = 67
        for depth in HardNumbers.counts {
            // Each column another multiple, some of them zeros.
            let column = numbers(depth)
            let factors = (0..<columns).map { Float($0 % 5) / 4 }
            let elements = column.flatMap { number in factors.map { number * $0 } }
            let value = matrix(rows: depth, columns: columns, rowStride: columns + 5, elements)
            let all = try WholeNumbers.kernels().map { kernels in
                filled(depth: depth, columns: columns) { $0.pack(value, kernels) }
            }
            let panels = try #require(all.first)
            for index in [0, 1, 4, 16, 63, 64, 66] {
                check(column.map { $0 * factors[index] }, panels.stored(column: index), panels.scale(column: index))
            }
            for other in all.dropFirst() {
                #expect(bytes(of: other) == bytes(of: panels))
            }
        }
    }

    private func bytes(of panels: ConstantPanels) -> [UInt8] { panels.bytes.withUnsafeBytes { [UInt8]($0) } }

    private func check(_ column: [Float], _ numbers: [Int32], _ scale: Float) {
        let largest = column.reduce(0) { max($0, abs($1)) }
        guard largest >= 1e-30 else {
            #expect(scale == 0 && numbers.allSatisfy { $0 == 0 })
            return
        }
        let halfStep = 0.5 + RowQuantizationTests.slack(.int16)
        #expect(zip(column, numbers).allSatisfy { abs(Double($0) / Double(scale) - Double($1)) <= halfStep })
        #expect(numbers.allSatisfy { abs($0) <= 32_767 })
        #expect(WholeNumbers.squares(numbers).allSatisfy { $0 <= WholeNumbers.largestSquare })
    }

    @Test("a column with a number that is not finite has a scale that isn't")
    func nonFinite() throws {
        for number in [Float.nan, .infinity, -.infinity] {
            var elements = [Float](repeating: 1, count: 5 * 20)
            elements[2 * 20 + 3] = number
            for kernels in try WholeNumbers.kernels() {
                let panels = filled(depth: 5, columns: 20) {
                    $0.pack(matrix(rows: 5, columns: 20, elements), kernels)
                }
                #expect(!panels.scale(column: 3).isFinite)
                #expect((0..<20).allSatisfy { $0 == 3 || panels.scale(column: $0).isFinite })
            }
        }
    }

    @Test("frames become columns with their scales", arguments: [(1, 1), (3, 5), (64, 49), (65, 64), (80, 200)])
    func transposed(size: (depth: Int, columns: Int)) throws {
        var samples = Samples(seed: size.depth)
        let x = matrix(rows: size.columns, columns: size.depth, samples.next(size.depth * size.columns))
        let frames = WholeNumbers.frames(x, .int16, try WholeNumbers.kernels()[0])
        let panels = filled(depth: size.depth, columns: size.columns) { $0.packTransposed(frames, scale: 0.125) }
        for frame in 0..<size.columns {
            #expect(panels.stored(column: frame) == frames.centred(frame))
            #expect(panels.scale(column: frame) == frames.scale(frame) * 0.125)
        }
        // What fills up the last panel.
        for column in size.columns..<(size.columns + 63) / 64 * 64 {
            #expect(panels.scale(column: column) == 0 && panels.stored(column: column).allSatisfy { $0 == 0 })
        }
    }

    /// Rounding a weight to a whole number of units moves it by at most half of one, and the power itself is rounded.
    private static let unit = 1.0 / 4095
    private static let powerSlack = 4095 * Tolerance.exponential

    @Test("weights are powers in units of 1/4095", arguments: [1, 2, 15, 16, 17, 49, 128, 129, 512])
    func weights(columns: Int) throws {
        let rows = 7
        var samples = Samples(seed: columns)
        var found: [[[Int32]]] = []
        for scale: Float in [0, 1, 30] {
            let scores = samples.next(rows * columns).map { $0 * scale }
            for kernels in try WholeNumbers.kernels() {
                let buffer = FloatBuffer(count: QuantizedFrames.floatCount(.int16, frames: rows, columns: columns))
                MutableMatrix(buffer, rows: 1, columns: buffer.count).fill(.nan)
                let numbers = QuantizedFrames(buffer, .int16, frames: rows, columns: columns)
                let softmax = RunningSoftmax(FloatBuffer(count: RunningSoftmax.floatCount(rows: rows)), rows: rows)
                softmax.weigh(mutableMatrix(rows: rows, columns: columns, scores), into: numbers, kernels)
                found.append((0..<rows).map(numbers.all))
                for row in 0..<rows {
                    let scores = scores[row * columns..<(row + 1) * columns]
                    let largest = Double(scores.max() ?? 0)
                    let stored = numbers.stored(row)
                    for (score, number) in zip(scores, stored) {
                        let power = exp(Double(score) - largest) / Self.unit
                        #expect(abs(power - Double(number)) <= 0.5 + Self.powerSlack)
                    }
                    #expect(stored.dropFirst(columns).allSatisfy { $0 == 0 } && numbers.scale(row) == 1)
                    #expect(WholeNumbers.squares(stored).allSatisfy { $0 <= WholeNumbers.largestSquare })
                }
            }
            #expect(Set(found).count == 1, "instructions differ")
            found = []
        }
    }

    @Test("weighted sums are those in Double, block by block", arguments: [(5, 49, 64), (6, 700, 16), (13, 1030, 80)])
    func context(size: (rows: Int, frames: Int, columns: Int)) throws {
        let (rows, frames, columns) = size
        var samples = Samples(seed: frames)
        let scores = samples.next(rows * frames).map { $0 * 4 }
        let values = samples.next(frames * columns)
        let exact = softmaxInDouble(scores, values, rows, frames, columns)
        var bits: Set<[UInt32]> = []
        for kernels in try WholeNumbers.kernels() {
            let result = GuardedMatrix(rows: rows, columns: columns)
            let buffer = FloatBuffer(count: QuantizedPanels.floatCount(depth: frames, columns: columns))
            let panels = QuantizedPanels(buffer, depth: frames, columns: columns)
            panels.pack(matrix(rows: frames, columns: columns, values), kernels)
            var softmax = RunningSoftmax(FloatBuffer(count: RunningSoftmax.floatCount(rows: rows)), rows: rows)
            for start in stride(from: 0, to: frames, by: 512) {
                let seen = start..<min(start + 512, frames)
                let block = (0..<rows).flatMap { scores[$0 * frames + seen.lowerBound..<$0 * frames + seen.upperBound] }
                let count = QuantizedFrames.floatCount(.int16, frames: rows, columns: seen.count)
                let weights = QuantizedFrames(FloatBuffer(count: count), .int16, frames: rows, columns: seen.count)
                softmax.weigh(mutableMatrix(rows: rows, columns: seen.count, block), into: weights, kernels)
                softmax.add(weights, panels.panels[depth: seen], to: result.matrix, kernels)
            }
            softmax.finish(result.matrix)
            // Weights are off by half a unit of the largest, values by half a step of some 1/2,500; errors average out.
            #expect(largestDifference(result.elements, exact) <= 2 * Self.unit)
            #expect(result.isIntact)
            bits.insert(result.elements.map(\.bitPattern))
        }
        #expect(bits.count == 1, "instructions differ")
    }

    /// softmax(scores) · values.
    private func softmaxInDouble(
        _ scores: [Float], _ values: [Float], _ rows: Int, _ frames: Int, _ columns: Int
    ) -> [Double] {
        (0..<rows).flatMap { row -> [Double] in
            let powers = scores[row * frames..<(row + 1) * frames].map { exp(Double($0)) }
            let sum = powers.reduce(0, +)
            return (0..<columns).map { column in
                (0..<frames).reduce(0) { $0 + powers[$1] * Double(values[$1 * columns + column]) } / sum
            }
        }
    }
}
