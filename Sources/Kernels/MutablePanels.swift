/// Panels that are filled again for each use.
public struct MutablePanels {
    package let depth: Int
    package let columns: Int
    private let buffer: FloatBuffer

    /// Panels for `[depth, columns]` at the beginning of `buffer`.
    public init(_ buffer: FloatBuffer, depth: Int, columns: Int) {
        precondition(depth >= 0 && columns >= 0, "negative panel size")
        let needed = Panels.floatCount(depth: depth, columns: columns)
        precondition(needed <= buffer.count, "panels of \(needed) floats in a buffer of \(buffer.count)")
        self.depth = depth
        self.columns = columns
        self.buffer = buffer
    }

    /// The panels as a product takes them.
    public var panels: Panels {
        Panels(PanelLayout(.float32, depth: depth, columns: columns), base: buffer.base, owner: buffer)
    }

    /// Takes a matrix `[depth, n]` into the columns from `column` on.
    public func pack(_ matrix: Matrix, at column: Int = 0) {
        precondition(matrix.rows == depth, "a matrix of \(matrix.rows) rows for a depth of \(depth)")
        pack(matrix.base, stride: matrix.rowStride, rows: 0..<depth, columns: matrix.columns, at: column)
    }

    /// Takes elements `[rows, n]` into these rows and the columns from `column` on.
    public func pack(_ elements: [Float], rows: Range<Int>, columns: Int, at column: Int = 0) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= depth, "rows \(rows) of \(depth)")
        precondition(elements.count == rows.count * columns, "\(elements.count) elements for \(rows) × \(columns)")
        elements.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            pack(base, stride: columns, rows: rows, columns: columns, at: column)
        }
    }

    /// Takes the transposed of `[n, depth]`, times `scale`, into the columns from `column` on.
    public func packTransposed(_ matrix: Matrix, scale: Float = 1, at column: Int = 0) {
        precondition(matrix.columns == depth, "rows of \(matrix.columns) for a depth of \(depth)")
        packTransposed(matrix.base, stride: matrix.rowStride, columns: matrix.rows, scale: scale, at: column)
    }

    /// Takes the transposed of elements `[n, depth]` into the columns from `column` on.
    package func packTransposed(_ elements: [Float], columns: Int, at column: Int = 0) {
        precondition(elements.count == columns * depth, "\(elements.count) elements for \(columns) × \(depth)")
        elements.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            packTransposed(base, stride: depth, columns: columns, scale: 1, at: column)
        }
    }

    private func pack(_ source: UnsafePointer<Float>, stride: Int, rows: Range<Int>, columns: Int, at column: Int) {
        forEachPanel(columns, rows: rows, at: column) { target, first, count in
            var (target, source) = (target + rows.lowerBound * Panels.width, source + first)
            for _ in rows {
                target.update(from: source, count: count)
                target += Panels.width
                source += stride
            }
        }
    }

    private func packTransposed(
        _ source: UnsafePointer<Float>, stride: Int, columns: Int, scale: Float, at column: Int
    ) {
        // Four columns at a time, so that four floats are stored at once; and in blocks that stay in cache on both sides.
        let block = 16
        forEachPanel(columns, rows: 0..<depth, at: column) { target, first, count in
            for start in Swift.stride(from: 0, to: depth, by: block) {
                let rows = start..<min(depth, start + block)
                var column = 0
                while column + 4 <= count {
                    let source = source + (first + column) * stride
                    for row in rows {
                        let four = SIMD4(
                            source[row], source[stride + row], source[2 * stride + row], source[3 * stride + row])
                        UnsafeMutableRawPointer(target + (row * Panels.width + column))
                            .storeBytes(of: four * scale, as: SIMD4<Float>.self)
                    }
                    column += 4
                }
                for column in column..<count {
                    let source = source + (first + column) * stride
                    for row in rows { target[row * Panels.width + column] = source[row] * scale }
                }
            }
        }
    }

    /// For each panel that `columns` columns from `column` on lie in: the address of the first one's first element, which
    /// of the columns it is, and how many there are. What is beyond the matrix's last column in these rows of the last
    /// panel becomes zero.
    private func forEachPanel(
        _ count: Int, rows: Range<Int>, at column: Int,
        _ body: (_ target: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int) -> Void
    ) {
        precondition(column >= 0 && count <= columns - column, "\(count) columns from \(column) of \(columns)")
        var first = 0
        while first < count {
            let (panel, lane) = (column + first).quotientAndRemainder(dividingBy: Panels.width)
            let taken = min(Panels.width - lane, count - first)
            let target = buffer.base + (panel * depth * Panels.width + lane)
            body(target, first, taken)
            first += taken
            if column + first == columns, lane + taken < Panels.width {
                for row in rows {
                    (target + (row * Panels.width + taken)).update(repeating: 0, count: Panels.width - lane - taken)
                }
            }
        }
    }
}
