import BLAS
import Testing

@testable import Kernels

@Suite("Weights in whole numbers")
struct PanelQuantizationTests {
    @Test("take so many bytes: cells, scales, and in int8 sums")
    func layout() {
        let float32 = PanelLayout(.float32, depth: 5, columns: 65)
        #expect(float32.byteCount == 2 * 5 * 256)
        // Three cells of two numbers, or two of four.
        let int16 = PanelLayout(.int16, depth: 5, columns: 65)
        #expect(int16.panelByteCount == 3 * 256 && int16.scalesOffset == 2 * 3 * 256)
        #expect(int16.byteCount == 2 * 3 * 256 + 2 * 256)
        let int8 = PanelLayout(.int8, depth: 5, columns: 64)
        #expect(int8.panelByteCount == 2 * 256 && int8.scalesOffset == 2 * 256 && int8.sumsOffset == 3 * 256)
        #expect(int8.byteCount == 4 * 256)
        // Three frames of five numbers, each filled up by itself.
        let frames = PanelLayout(.int16, depth: 15, columns: 1, frameDepth: 5)
        #expect(frames.cells == 9 && frames.frameCells == 3 && frames.byteCount == 9 * 256 + 256)
        #expect(PanelLayout(.int16, depth: 15, columns: 1).cells == 8)
        for format in PanelFormat.allCases {
            #expect(PanelLayout(format, depth: 9, columns: 0).byteCount == 0)
            #expect(PanelLayout(format, depth: 9, columns: 7).byteCount.isMultiple(of: 4))
        }
    }

    /// Depths and what they are in frames of, with and without remainders.
    private static let depths = [
        (1, 1), (2, 2), (3, 3), (4, 4), (129, 129), (15, 5), (26, 13), (12, 4), (600, 200), (7, 1),
    ]

    @Test(
        "are x / scale to the nearest, ties to even, where the layout says; the rest is zero",
        arguments: WholeNumbers.formats, depths)
    func everyByte(format: PanelFormat, sizes: (depth: Int, frameDepth: Int)) {
        let depth = sizes.depth
        for columns in [1, 63, 64, 65, 130] {
            var samples = Samples(seed: depth + columns)
            // Each column has a size of its own.
            let elements = (0..<depth * columns).map { samples.next() * Float(1 + $0 % columns) }
            let layout = PanelLayout(format, depth: depth, columns: columns, frameDepth: sizes.frameDepth)
            let panels = WholeNumbers.panels(layout, elements)
            var expected = [UInt8](repeating: 0, count: layout.byteCount)
            func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
                withUnsafeBytes(of: number.littleEndian) {
                    expected.replaceSubrange(offset..<offset + $0.count, with: $0)
                }
            }
            for column in 0..<columns {
                let numbers = stride(from: column, to: elements.count, by: columns).map { Double(elements[$0]) }
                let scale = panels.scale(column: column)
                let rounded = numbers.map { Int32(($0 / Double(scale)).rounded(.toNearestOrEven)) }
                for (row, number) in rounded.enumerated() {
                    let offset = panels.offset(row: row, column: column)
                    if format == .int8 { put(Int8(number), at: offset) } else { put(Int16(number), at: offset) }
                }
                put(scale.bitPattern, at: layout.scalesOffset + 4 * column)
                if format == .int8 { put(rounded.reduce(0, +), at: layout.sumsOffset + 4 * column) }
                let largest = numbers.reduce(0) { max($0, abs($1)) }
                if format == .int8 { #expect(scale == Float(largest / 127)) }
            }
            #expect(panels.bytes.withUnsafeBytes { Array($0) } == expected, "\(columns) columns")
        }
    }

    @Test(
        "are within half a step, and their runs within the norm that keeps sums in 32 bits", arguments: HardNumbers.all)
    func bounds(numbers: HardNumbers) {
        for count in HardNumbers.counts {
            let column = numbers(count)
            // As one frame, and as frames that a run doesn't fill.
            for frameDepth in Set([count, count.isMultiple(of: 3) ? count / 3 : count]) {
                for format in WholeNumbers.formats {
                    let layout = PanelLayout(format, depth: count, columns: 1, frameDepth: frameDepth)
                    check(column, WholeNumbers.panels(layout, column))
                }
            }
        }
    }

    private func check(_ column: [Float], _ panels: ConstantPanels) {
        let (scale, numbers) = (Double(panels.scale(column: 0)), panels.stored(column: 0))
        let largest = column.reduce(0) { max($0, abs($1)) }
        guard Double(largest) >= 1e-30 else {
            #expect(scale == 0 && numbers.allSatisfy { $0 == 0 })
            return
        }
        #expect(scale.isFinite && scale > 0)
        let error = zip(column, numbers).reduce(0) { max($0, abs(Double($1.0) / scale - Double($1.1))) }
        // A quotient in Double rounds, too.
        #expect(error <= 0.5 + 1e-9, "\(column.count) numbers")
        let most = numbers.reduce(0) { max($0, abs($1)) }
        if panels.format == .int8 {
            #expect(most == 127)
            #expect(panels.sum(column: 0) == numbers.reduce(0, +))
            return
        }
        let squares = stride(from: 0, to: numbers.count, by: panels.layout.frameDepth).flatMap { first in
            WholeNumbers.squares(numbers[first..<first + panels.layout.frameDepth])
        }
        #expect(squares.allSatisfy { $0 <= WholeNumbers.largestSquare } && most <= 32_767, "\(column.count) numbers")
        #expect(most >= 32_766 || (squares.max() ?? 0) >= 46_310 * 46_310, "a needlessly large step")
    }

    @Test(
        "that are not finite make columns of products that are not, and leave others alone",
        arguments: WholeNumbers.formats)
    func nonFinite(format: PanelFormat) throws {
        let (depth, columns, bad) = (37, 70, 66)
        var samples = Samples(seed: 1)
        let elements = samples.next(depth * columns)
        let x = matrix(rows: 3, columns: depth, samples.next(3 * depth))
        for kernels in try WholeNumbers.kernels() {
            func product(_ elements: [Float]) -> [Float] {
                let panels = WholeNumbers.panels(PanelLayout(format, depth: depth, columns: columns), elements)
                let result = GuardedMatrix(rows: 3, columns: columns)
                kernels.multiply(WholeNumbers.frames(x, format, kernels).rows, panels.panels, into: result.matrix)
                return result.elements
            }
            let expected = product(elements)
            for values in [[Float.nan], [.infinity], [-.infinity], [.infinity, -.infinity]] {
                var changed = elements
                for (row, value) in values.enumerated() { changed[(5 + row) * columns + bad] = value }
                for (index, number) in product(changed).enumerated() {
                    if index % columns == bad {
                        #expect(!number.isFinite)
                    } else {
                        #expect(number.bitPattern == expected[index].bitPattern)
                    }
                }
            }
        }
    }

    @Test("of zeros make zeros", arguments: WholeNumbers.formats)
    func zeros(format: PanelFormat) throws {
        var samples = Samples(seed: 1)
        let elements = (0..<20 * 3).map { $0 % 3 == 1 ? 0 : samples.next() }
        let panels = WholeNumbers.panels(PanelLayout(format, depth: 20, columns: 3), elements)
        #expect(panels.scale(column: 1) == 0 && panels.stored(column: 1).allSatisfy { $0 == 0 })
        for kernels in try WholeNumbers.kernels() {
            let rows = matrix(rows: 2, columns: 20, samples.next(20) + [Float](repeating: 0, count: 20))
            let result = GuardedMatrix(rows: 2, columns: 3)
            kernels.multiply(WholeNumbers.frames(rows, format, kernels).rows, panels.panels, into: result.matrix)
            #expect(result.elements[1] == 0 && result.elements[3...].allSatisfy { $0 == 0 })
            #expect(result.elements[0] != 0 && result.elements[2] != 0)
        }
    }

    @Test("pass on an error of who fills them")
    func fillThrows() {
        struct Stop: Error {}
        for format in PanelFormat.allCases {
            #expect(throws: Stop.self) {
                try ConstantPanels(PanelLayout(format, depth: 2, columns: 2)) { _ throws(Stop) in throw Stop() }
            }
        }
    }
}
