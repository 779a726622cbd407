import KernelTable

/// Panels of int16 that are filled again for each use.
package struct QuantizedPanels {
    private let layout: PanelLayout
    private let buffer: FloatBuffer

    /// Floats of a buffer for `[depth, columns]`.
    package static func floatCount(depth: Int, columns: Int) -> Int {
        PanelLayout(.int16, depth: depth, columns: columns).byteCount / MemoryLayout<Float>.stride
    }

    /// Panels for `[depth, columns]` at the beginning of `buffer`.
    package init(_ buffer: FloatBuffer, depth: Int, columns: Int) {
        layout = PanelLayout(.int16, depth: depth, columns: columns)
        let needed = Self.floatCount(depth: depth, columns: columns)
        precondition(needed <= buffer.count, "panels of \(needed) floats in a buffer of \(buffer.count)")
        self.buffer = buffer
    }

    /// The panels as a product takes them.
    package var panels: Panels { Panels(layout, base: base, owner: buffer) }

    private var base: UnsafeRawPointer { UnsafeRawPointer(buffer.base) }
    private var scales: UnsafeMutablePointer<Float> {
        buffer.base + layout.scalesOffset / MemoryLayout<Float>.stride
    }

    /// Takes frames, `[columns, depth]`, as columns, each with its frame's scale times `scale`.
    package func packTransposed(_ frames: QuantizedFrames, scale: Float) {
        precondition(frames.format == .int16, "frames of \(frames.format)")
        precondition(frames.columns == layout.depth && frames.frames == layout.columns, "not \(layout)")
        let cells = layout.cells
        let source = UnsafeRawPointer(frames.numbers).assumingMemoryBound(to: UInt32.self)
        for panel in 0..<layout.panelCount {
            let first = panel * panelWidth
            let count = min(panelWidth, frames.frames - first)
            let target = UnsafeMutableRawPointer(buffer.base + panel * cells * panelWidth)
                .assumingMemoryBound(to: UInt32.self)
            for lane in 0..<panelWidth {
                scales[first + lane] = lane < count ? frames.scales[first + lane] * scale : 0
            }
            // In blocks that stay in cache on both sides.
            for block in stride(from: 0, to: cells, by: 16) {
                for lane in 0..<count {
                    let row = source + (first + lane) * cells
                    for cell in block..<min(block + 16, cells) { target[cell * panelWidth + lane] = row[cell] }
                }
                for cell in block..<min(block + 16, cells) {
                    (target + (cell * panelWidth + count)).update(repeating: 0, count: panelWidth - count)
                }
            }
        }
    }

    /// Takes a matrix `[depth, columns]`, each column with a scale of its own.
    package func pack(_ matrix: Matrix, _ kernels: KernelSet) {
        precondition(matrix.rows == layout.depth && matrix.columns == layout.columns, "not \(layout)")
        for panel in 0..<layout.panelCount {
            let first = panel * panelWidth
            kernels.table.quantizeColumns(
                ColumnQuantization(
                    source: matrix.base + first, sourceStride: matrix.rowStride, rows: matrix.rows,
                    columns: min(panelWidth, matrix.columns - first),
                    destination: UnsafeMutableRawPointer(buffer.base + panel * layout.cells * panelWidth),
                    scales: scales + first))
        }
    }
}
