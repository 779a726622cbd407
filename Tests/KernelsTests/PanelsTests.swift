import Kernels
import Testing

@Suite("Panels")
struct PanelsTests {
    /// What a matrix, `[depth, columns]`, is in panels.
    private func inPanels(depth: Int, columns: Int, _ element: (_ row: Int, _ column: Int) -> Float) -> [Float] {
        let width = Panels.width
        return (0..<(columns + width - 1) / width).flatMap { panel in
            (0..<depth).flatMap { row in
                (0..<width).map { lane in
                    let column = panel * width + lane
                    return column < columns ? element(row, column) : 0
                }
            }
        }
    }

    /// Panels in memory that held something else, as filled.
    private func filled(depth: Int, columns: Int, _ fill: (MutablePanels) -> Void) -> [Float] {
        let buffer = FloatBuffer(count: Panels.floatCount(depth: depth, columns: columns))
        MutableMatrix(buffer, rows: 1, columns: buffer.count).fill(.nan)
        fill(MutablePanels(buffer, depth: depth, columns: columns))
        return Matrix(buffer, rows: 1, columns: buffer.count).row(0)
    }

    @Test("hold a matrix, and zeros beyond its last column", arguments: [1, 2, 15, 16, 17, 40], [1, 63, 64, 65, 130])
    func pack(depth: Int, columns: Int) {
        var samples = Samples(seed: depth * columns)
        let elements = samples.next(depth * columns)
        let expected = inPanels(depth: depth, columns: columns) { elements[$0 * columns + $1] }
        let strided = matrix(rows: depth, columns: columns, rowStride: columns + 3, elements)
        let packed = filled(depth: depth, columns: columns) { panels in
            panels.pack(elements, rows: 0..<depth, columns: columns)
        }
        #expect(packed == expected)
        #expect(filled(depth: depth, columns: columns) { $0.pack(strided) } == expected)
    }

    @Test("hold a transposed matrix, scaled", arguments: [1, 2, 15, 16, 17, 40], [1, 63, 64, 65, 130])
    func packTransposed(depth: Int, columns: Int) {
        var samples = Samples(seed: depth + columns)
        let elements = samples.next(columns * depth)
        let strided = matrix(rows: columns, columns: depth, rowStride: depth + 1, elements)
        for scale in [Float(1), 0.125, -0.3] {
            let expected = inPanels(depth: depth, columns: columns) { elements[$1 * depth + $0] * scale }
            #expect(
                filled(depth: depth, columns: columns) { $0.packTransposed(strided, scale: scale) } == expected)
        }
        let expected = inPanels(depth: depth, columns: columns) { elements[$1 * depth + $0] }
        #expect(filled(depth: depth, columns: columns) { $0.packTransposed(elements, columns: columns) } == expected)
    }

    @Test(
        "are filled side by side, from any column on",
        arguments: [[1, 1, 1], [45, 45, 45], [64, 1, 63], [3, 129, 70]])
    func sideBySide(widths: [Int]) {
        let depth = 17
        let columns = widths.reduce(0, +)
        var samples = Samples(seed: columns)
        let parts = widths.map { samples.next(depth * $0) }
        let starts = widths.indices.map { widths[..<$0].reduce(0, +) }
        func element(_ row: Int, _ column: Int) -> Float {
            let part = starts.lastIndex { $0 <= column } ?? 0
            return parts[part][row * widths[part] + column - starts[part]]
        }
        let expected = inPanels(depth: depth, columns: columns, element)
        // In whatever order.
        for order in [[0, 1, 2], [2, 1, 0]] {
            let packed = filled(depth: depth, columns: columns) { panels in
                for part in order { panels.pack(parts[part], rows: 0..<depth, columns: widths[part], at: starts[part]) }
            }
            #expect(packed == expected)
            let transposed = filled(depth: depth, columns: columns) { panels in
                for part in order {
                    let rows = (0..<widths[part]).flatMap { column in
                        (0..<depth).map { parts[part][$0 * widths[part] + column] }
                    }
                    panels.packTransposed(rows, columns: widths[part], at: starts[part])
                }
            }
            #expect(transposed == expected)
        }
    }

    @Test("are filled some rows at a time", arguments: [1, 63, 64, 65, 130], [1, 7, 16])
    func someRows(columns: Int, step: Int) {
        let depth = 40
        var samples = Samples(seed: columns + step)
        let elements = samples.next(depth * columns)
        let packed = filled(depth: depth, columns: columns + 3) { panels in
            for first in stride(from: 0, to: depth, by: step) {
                let rows = first..<min(depth, first + step)
                let part = Array(elements[rows.lowerBound * columns..<rows.upperBound * columns])
                panels.pack([Float](repeating: 9, count: 3 * rows.count), rows: rows, columns: 3)
                panels.pack(part, rows: rows, columns: columns, at: 3)
            }
        }
        let expected = inPanels(depth: depth, columns: columns + 3) { row, column in
            column < 3 ? 9 : elements[row * columns + column - 3]
        }
        #expect(packed == expected)
    }

    @Test("use the beginning of a larger buffer, and no more")
    func largerBuffer() {
        let buffer = FloatBuffer(count: 1000)
        MutableMatrix(buffer, rows: 1, columns: 1000).fill(7)
        MutablePanels(buffer, depth: 5, columns: 65).pack([Float](repeating: 1, count: 325), rows: 0..<5, columns: 65)
        let used = Panels.floatCount(depth: 5, columns: 65)
        #expect(used == 640)
        #expect(Matrix(buffer, offset: used, rows: 1, columns: 1000 - used).row(0).allSatisfy { $0 == 7 })
    }

    @Test("that don't fit are stopped")
    func bounds() async {
        await #expect(processExitsWith: .failure) { _ = MutablePanels(FloatBuffer(count: 127), depth: 2, columns: 3) }
        await #expect(processExitsWith: .failure) {
            MutablePanels(FloatBuffer(count: 128), depth: 2, columns: 3)
                .pack([1, 2, 3, 4, 5, 6], rows: 0..<2, columns: 3, at: 1)
        }
        await #expect(processExitsWith: .failure) {
            MutablePanels(FloatBuffer(count: 128), depth: 2, columns: 3).pack([1, 2, 3], rows: 2..<3, columns: 3)
        }
        await #expect(processExitsWith: .failure) {
            MutablePanels(FloatBuffer(count: 128), depth: 2, columns: 3).packTransposed([1, 2, 3], columns: 3)
        }
        await #expect(processExitsWith: .failure) {
            _ = ConstantPanels(PanelLayout(.float32, depth: 1, columns: 1), ConstantBytes(FloatBuffer([1])))
        }
        await #expect(processExitsWith: .failure) {
            _ = panels(depth: 1, columns: 130, [Float](repeating: 0, count: 130))[columns: 1..<130]
        }
        await #expect(processExitsWith: .failure) { _ = panels(depth: 1, columns: 1, [1])[depth: 0..<2] }
    }
}
