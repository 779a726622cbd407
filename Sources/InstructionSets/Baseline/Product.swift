import CIntrinsics
import KernelTable

/// How much of the depth all tiles take before they go on: so much of a panel stays in the first or second cache while
/// they pass over it.
let depthBlock = 256

/// Floats in a cache line.
private let cacheLine = 16

/// Multiplies, block of depth by block of depth, and finishes each tile with the last one.
func multiplyPanel(_ product: PanelProduct) {
    let panel = product.b.assumingMemoryBound(to: Float.self)
    let a = product.a.assumingMemoryBound(to: Float.self)
    let isSmall = product.depth <= depthBlock
    // Sums of short sums round less than long sums; so short that a product takes longer only where it is short itself.
    let sumDepth = product.depth <= depthBlock ? 32 : 128
    // Tiles of the same height, or one row less: no tile is half empty.
    let tiles = (product.rows + tileRows - 1) / tileRows
    let sums = alignedFloats((isSmall ? tileRows : product.rows) * panelWidth)
    let strip = alignedFloats(tileColumns == panelWidth ? 0 : depthBlock * tileColumns)
    defer {
        sums.deallocate()
        strip.deallocate()
    }
    var start = 0
    repeat {
        let depth = min(depthBlock, product.depth - start)
        let isLast = start + depth == product.depth
        var column = 0
        while column < product.columns {
            let columns = column..<min(column + tileColumns, product.columns)
            let b = narrowed(panel + (start * panelWidth + column), depth: depth, strip)
            for tile in 0..<tiles {
                let first = product.rows * tile / tiles
                let rows = first..<product.rows * (tile + 1) / tiles
                let tileSums = sums + ((isSmall ? 0 : first * panelWidth) + column)
                if start > 0 { prefetchSums(tileSums, rows: rows.count) }
                if isLast { product.epilogue.prefetch(rows: rows, columns: columns) }
                multiplyTile(
                    rows: rows.count, a: a + (first * product.aStride + start), aStride: product.aStride,
                    b: b, depth: depth, sumDepth: sumDepth, sums: tileSums, accumulating: start > 0)
                if isLast {
                    product.epilogue.store(UnsafePointer(tileSums), stride: panelWidth, to: rows, columns: columns)
                }
            }
            column += tileColumns
        }
        start += depth
    } while start < product.depth
}

func alignedFloats(_ count: Int) -> UnsafeMutablePointer<Float> {
    let size = MemoryLayout<Float>.stride
    return UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * size, alignment: cacheLine * size)
        .assumingMemoryBound(to: Float.self)
}

/// A tile's columns of a panel, one row after the other: in place, or in `strip` where a tile is narrower than a panel.
/// Rows that are a panel's width apart would all fall into the same few sets of the first cache.
@inline(__always)
func narrowed(
    _ panel: UnsafePointer<Float>, depth: Int, _ strip: UnsafeMutablePointer<Float>
) -> UnsafePointer<Float> {
    if tileColumns == panelWidth { return panel }
    for row in 0..<depth {
        (strip + row * tileColumns).update(from: panel + row * panelWidth, count: tileColumns)
    }
    return UnsafePointer(strip)
}

@inline(__always)
func prefetchSums(_ sums: UnsafeMutablePointer<Float>, rows: Int) {
    for row in 0..<rows {
        for column in stride(from: 0, to: tileColumns, by: cacheLine) {
            prefetch_for_writing(sums + (row * panelWidth + column))
        }
    }
}

extension RawEpilogue {
    @inline(__always)
    func prefetch(rows: Range<Int>, columns: Range<Int>) {
        for row in rows {
            for column in stride(from: columns.lowerBound, to: columns.upperBound, by: cacheLine) {
                prefetch_for_writing(destination + (row * destinationStride + column))
            }
        }
    }

    /// Finishes numbers whose products stand at `source`, row by row.
    @inline(__always)
    func store(_ source: UnsafePointer<Float>, stride: Int, to rows: Range<Int>, columns: Range<Int>) {
        for row in rows {
            let source = source + (row - rows.lowerBound) * stride
            let scale = residualScale.map { $0[row] } ?? 1
            forEachVector(of: source, count: columns.count, padding: 0) { sum, offset, lanes in
                let column = columns.lowerBound + offset
                var x = sum
                if let columnScales { x *= Vector(columnScales + column, lanes: lanes, padding: 0) }
                if let bias { x += Vector(bias + column, lanes: lanes, padding: 0) }
                if gelu { x = x.gelu }
                if let residual {
                    let r = Vector(residual + (row * residualStride + column), lanes: lanes, padding: 0)
                    x = x.adding(r, times: Vector(repeating: scale))
                }
                x.store(destination + (row * destinationStride + column), lanes: lanes)
            }
        }
    }
}
