import Kernels

/// A matrix to write, inside a buffer full of a number that no kernel makes: what is written outside the matrix shows.
struct GuardedMatrix {
    private static let sentinel: Float = 12_345.678
    private let buffer: FloatBuffer
    let matrix: MutableMatrix

    /// A matrix with `gap` floats between its rows, and `margin` before the first and after the last.
    init(rows: Int, columns: Int, gap: Int = 3, margin: Int = 131) {
        let stride = columns + gap
        buffer = FloatBuffer(count: 2 * margin + rows * stride)
        MutableMatrix(buffer, rows: 1, columns: buffer.count).fill(Self.sentinel)
        matrix = MutableMatrix(buffer, offset: margin, rows: rows, columns: columns, rowStride: stride)
    }

    var elements: [Float] { Matrix(matrix).elements() }

    /// Whether nothing outside the matrix has changed.
    var isIntact: Bool {
        let inside = elements
        defer { matrix.copy(inside) }
        matrix.fill(Self.sentinel)
        return Matrix(buffer, rows: 1, columns: buffer.count).row(0).allSatisfy { $0 == Self.sentinel }
    }
}
