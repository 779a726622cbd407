import BLAS
import Testing

@testable import Kernels

@Suite("Rows in whole numbers")
struct RowQuantizationTests {
    /// How much more than half a step a number may be off, in steps: some eight roundings in float32 of a number of up to
    /// 32,767 steps, those of inverses near float32's smallest number four times as large.
    static func slack(_ format: PanelFormat) -> Double { (format == .int8 ? 255 : 32_767) * 16 * Tolerance.rounding }

    /// Rows whose scale is 1, so that their numbers are the row's, rounded.
    private static let halves: [Float] = [0, 0.5, 1.5, 2.5, 3.5, 0.499, 0.501, 7.25, 7.75, 98.5, 99.5]

    @Test("are rounded to the nearest, ties to even", arguments: WholeNumbers.formats)
    func nearest(format: PanelFormat) throws {
        let ends: [Float] = format == .int8 ? [155, -100] : [32_767]
        let row = ends + Self.halves + Self.halves.map { -$0 }
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(matrix(rows: 1, columns: row.count, row), format, kernels)
            #expect(abs(frames.scale(0) - 1) <= .ulpOfOne)
            #expect(frames.zero(0) == (format == .int8 ? 100 : 0))
            #expect(frames.centred(0) == row.map { Int32($0.rounded(.toNearestOrEven)) }, "\(kernels.instructions)")
        }
    }

    @Test("of 8 bits stay within them where both ends are rounded up")
    func bothEndsUp() throws {
        for kernels in try WholeNumbers.kernels() {
            let frames = WholeNumbers.frames(matrix(rows: 1, columns: 3, [101.5, 0, -153.5]), .int8, kernels)
            #expect(frames.zero(0) == 154)
            #expect(frames.stored(0) == [255, 154, 0, 0])
        }
    }

    @Test(
        "are within half a step, and their runs within the norm that keeps sums in 32 bits", arguments: HardNumbers.all)
    func bounds(numbers: HardNumbers) throws {
        for count in HardNumbers.counts {
            let row = numbers(count)
            for kernels in try WholeNumbers.kernels() {
                for format in WholeNumbers.formats {
                    check(row, WholeNumbers.frames(matrix(rows: 1, columns: count, row), format, kernels))
                }
            }
        }
    }

    /// Checks the numbers of a row that is finite.
    private func check(_ row: [Float], _ frames: QuantizedFrames) {
        let (scale, numbers) = (Double(frames.scale(0)), frames.centred(0))
        let (low, high) = (Double(min(0, row.min() ?? 0)), Double(max(0, row.max() ?? 0)))
        let isInt8 = frames.format == .int8
        // The distance of float32's two ends is not a float32.
        if isInt8, high - low > Double(Float.greatestFiniteMagnitude) {
            #expect(!scale.isFinite)
            return
        }
        if (isInt8 ? high - low : max(high, -low)) < Double(1e-30 as Float) {
            #expect(scale == 0 && numbers.allSatisfy { $0 == 0 })
            return
        }
        let error = zip(row, numbers).reduce(0) { max($0, abs(Double($1.0) / scale - Double($1.1))) }
        #expect(error <= 0.5 + Self.slack(frames.format), "\(row.count) numbers")
        if isInt8 {
            #expect((0...255).contains(frames.zero(0)))
            // No larger a step than needed.
            #expect(abs(scale * 255 / (high - low) - 1) <= 4 * Tolerance.rounding)
        } else {
            let squares = WholeNumbers.squares(numbers)
            let largest = numbers.reduce(0) { max($0, abs($1)) }
            #expect(
                squares.allSatisfy { $0 <= WholeNumbers.largestSquare } && largest <= 32_767, "\(row.count) numbers")
            #expect(largest >= 32_766 || (squares.max() ?? 0) >= 46_310 * 46_310, "a needlessly large step")
        }
    }

    @Test("have the same bits with every instruction set", arguments: WholeNumbers.formats)
    func instructionSets(format: PanelFormat) throws {
        let kernels = try WholeNumbers.kernels()
        for count in HardNumbers.counts {
            let rows = HardNumbers.all.map { $0(count) }
            let matrix = matrix(rows: rows.count, columns: count, rows.flatMap(\.self))
            let expected = WholeNumbers.frames(matrix, format, kernels[0])
            for other in kernels.dropFirst() {
                let frames = WholeNumbers.frames(matrix, format, other)
                for row in rows.indices {
                    #expect(frames.all(row) == expected.all(row), "\(other.instructions), \(HardNumbers.all[row])")
                }
            }
        }
    }

    @Test("don't depend on other rows, nor on where a row is", arguments: WholeNumbers.formats, [1, 3, 17, 128, 131])
    func independent(format: PanelFormat, columns: Int) throws {
        let rows = 13
        for kernels in try WholeNumbers.kernels() {
            var samples = Samples(seed: columns)
            let elements = samples.next(rows * columns).enumerated().map { $1 * Float(1 + $0 / columns) }
            let all = WholeNumbers.frames(
                matrix(rows: rows, columns: columns, rowStride: columns + 3, elements), format, kernels)
            for row in 0..<rows {
                let own = Array(elements[row * columns..<(row + 1) * columns])
                let alone = WholeNumbers.frames(matrix(rows: 1, columns: columns, own), format, kernels)
                #expect(alone.all(0) == all.all(row))
                // What fills up a frame's last cell is zero.
                #expect(all.stored(row).dropFirst(columns).allSatisfy { $0 == 0 })
            }
        }
    }

    @Test("go where they are to go and nowhere else", arguments: WholeNumbers.formats, [5, 16, 31])
    func placed(format: PanelFormat, columns: Int) throws {
        var samples = Samples(seed: columns)
        let x = matrix(rows: 9, columns: columns, samples.next(9 * columns))
        for kernels in try WholeNumbers.kernels() {
            let expected = WholeNumbers.frames(x, format, kernels)
            let count = QuantizedFrames.floatCount(format, frames: 9, columns: columns)
            let buffer = FloatBuffer(count: count + 20)
            MutableMatrix(buffer, rows: 1, columns: buffer.count).fill(-0x1.fp7)
            let frames = QuantizedFrames(buffer, format, frames: 9, columns: columns)
            let untouched = (0..<9).map(frames.all)
            kernels.quantize(x[rows: 3..<7], into: frames, from: 3)
            for row in 0..<9 {
                #expect(frames.all(row) == ((3..<7).contains(row) ? expected.all(row) : untouched[row]))
            }
            kernels.quantize(x[rows: 0..<3], into: frames)
            kernels.quantize(x[rows: 7..<9], into: frames, from: 7)
            for row in 0..<9 { #expect(frames.all(row) == expected.all(row)) }
            #expect(Matrix(buffer, offset: count, rows: 1, columns: 20).row(0).allSatisfy { $0 == -0x1.fp7 })
        }
    }

    @Test("that are not finite make products that are not, and leave other rows alone", arguments: WholeNumbers.formats)
    func nonFinite(format: PanelFormat) throws {
        let (columns, outputs) = (37, 5)
        var samples = Samples(seed: 1)
        let elements = samples.next(3 * columns)
        let weight = WholeNumbers.panels(
            PanelLayout(format, depth: columns, columns: outputs), samples.next(columns * outputs))
        for kernels in try WholeNumbers.kernels() {
            func product(_ elements: [Float]) -> [Float] {
                let frames = WholeNumbers.frames(matrix(rows: 3, columns: columns, elements), format, kernels)
                let result = GuardedMatrix(rows: 3, columns: outputs)
                kernels.multiply(frames.rows, weight.panels, into: result.matrix)
                #expect(result.isIntact)
                return result.elements
            }
            let expected = bits(product(elements))
            for bad in [Float.nan, -.nan, .infinity, -.infinity, .signalingNaN] {
                for place in [0, 15, 16, 36] {
                    var changed = elements
                    changed[columns + place] = bad
                    let found = product(changed)
                    #expect(found[outputs..<2 * outputs].allSatisfy { !$0.isFinite }, "\(bad) at \(place)")
                    #expect(bits(Array(found[..<outputs])) == Array(expected[..<outputs]))
                    #expect(bits(Array(found[(2 * outputs)...])) == Array(expected[(2 * outputs)...]))
                }
            }
        }
    }
}
