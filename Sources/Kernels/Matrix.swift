/// A view of floats that kernels read: `rows` rows of `columns` contiguous elements, `rowStride` elements apart.
///
/// Rows may overlap (`rowStride < columns`), as the windows of a convolution do. The view keeps its buffer alive.
public struct Matrix {
    package let rows: Int
    package let columns: Int
    package let rowStride: Int
    let base: UnsafePointer<Float>
    fileprivate let buffer: FloatBuffer
    fileprivate let offset: Int

    /// Views `rows × columns` elements of `buffer` from `offset` on; `rowStride` is `columns` unless given.
    public init(_ buffer: FloatBuffer, offset: Int = 0, rows: Int, columns: Int, rowStride: Int? = nil) {
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride ?? columns
        self.buffer = buffer
        self.offset = offset
        checkBounds(buffer, offset: offset, rows: rows, columns: columns, rowStride: self.rowStride)
        base = UnsafePointer(buffer.base + offset)
    }

    /// The same elements, to be read.
    public init(_ matrix: MutableMatrix) {
        self.init(
            matrix.buffer, offset: matrix.offset, rows: matrix.rows, columns: matrix.columns,
            rowStride: matrix.rowStride)
    }

    /// The rows of `range` and the columns of `columns` (all of them unless given).
    package subscript(rows range: Range<Int>, columns columnRange: Range<Int>? = nil) -> Matrix {
        let chosen = columnRange ?? 0..<columns
        precondition(0 <= range.lowerBound && range.upperBound <= rows, "rows \(range) of \(rows)")
        precondition(0 <= chosen.lowerBound && chosen.upperBound <= columns, "columns \(chosen) of \(columns)")
        return Matrix(
            buffer, offset: offset + range.lowerBound * rowStride + chosen.lowerBound, rows: range.count,
            columns: chosen.count, rowStride: rowStride)
    }

    /// The windows of a convolution over time: row i is `taps` rows of this matrix, from `first + i · stride` on, one
    /// after the other. The matrix's rows must be contiguous; the windows may overlap.
    package func windows(first: Int, taps: Int, stride: Int, count: Int) -> Matrix {
        precondition(rowStride == columns, "windows need contiguous rows")
        precondition(first >= 0 && taps > 0 && stride > 0 && count >= 0, "negative window")
        precondition(count == 0 || first + (count - 1) * stride + taps <= rows, "windows leave the matrix")
        return Matrix(
            buffer, offset: offset + first * columns, rows: count, columns: taps * columns, rowStride: stride * columns)
    }

    /// One row, copied.
    package func row(_ index: Int) -> [Float] {
        precondition(0..<rows ~= index, "row \(index) of \(rows)")
        return [Float](UnsafeBufferPointer(start: base + index * rowStride, count: columns))
    }

    /// All elements, copied row by row.
    package func elements() -> [Float] { (0..<rows).flatMap(row) }
}

/// A view of floats that kernels write; rows don't overlap.
public struct MutableMatrix {
    package let rows: Int
    package let columns: Int
    package let rowStride: Int
    let base: UnsafeMutablePointer<Float>
    let buffer: FloatBuffer
    let offset: Int

    /// Views `rows × columns` elements of `buffer` from `offset` on; `rowStride` is `columns` unless given.
    public init(_ buffer: FloatBuffer, offset: Int = 0, rows: Int, columns: Int, rowStride: Int? = nil) {
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride ?? columns
        self.buffer = buffer
        self.offset = offset
        checkBounds(buffer, offset: offset, rows: rows, columns: columns, rowStride: self.rowStride)
        precondition(rows < 2 || self.rowStride >= columns, "rows that are written can't overlap")
        base = buffer.base + offset
    }

    /// The rows of `range` and the columns of `columns` (all of them unless given).
    package subscript(rows range: Range<Int>, columns columnRange: Range<Int>? = nil) -> MutableMatrix {
        let view = Matrix(self)[rows: range, columns: columnRange]
        return MutableMatrix(
            buffer, offset: view.offset, rows: view.rows, columns: view.columns, rowStride: view.rowStride)
    }

    /// Copies `elements`, row by row: as many as the matrix holds.
    package func copy(_ elements: [Float]) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows) × \(columns)")
        elements.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            for row in 0..<rows { (base + row * rowStride).update(from: source + row * columns, count: columns) }
        }
    }

    /// Copies a matrix of the same size.
    public func copy(_ other: Matrix) {
        precondition(other.rows == rows && other.columns == columns, "matrices of different size")
        for row in 0..<rows {
            (base + row * rowStride).update(from: other.base + row * other.rowStride, count: columns)
        }
    }

    /// Sets every element to `value`.
    package func fill(_ value: Float) {
        for row in 0..<rows { (base + row * rowStride).update(repeating: value, count: columns) }
    }
}

private func checkBounds(_ buffer: FloatBuffer, offset: Int, rows: Int, columns: Int, rowStride: Int) {
    precondition(offset >= 0 && rows >= 0 && columns >= 0 && rowStride >= 0, "negative matrix size")
    guard rows > 0 && columns > 0 else { return }
    let (last, overflow) = (rows - 1).multipliedReportingOverflow(by: rowStride)
    precondition(
        !overflow && offset <= buffer.count && columns <= buffer.count && last <= buffer.count - columns - offset,
        "\(rows) × \(columns) elements from \(offset), stride \(rowStride), leave their buffer of \(buffer.count)")
}
