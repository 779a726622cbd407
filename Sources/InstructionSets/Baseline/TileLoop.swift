import CIntrinsics
import KernelTable

/// How many cells of the depth all tiles take before they go on: so much of a panel stays in the first or second cache
/// while they pass over it.
let depthBlock = 256

/// Bytes of a cell.
let cell = 4

/// Cells in a cache line.
private let cacheLine = 16

/// A tile's part of a product.
struct TileInput {
    /// Of the product's.
    let rows: Range<Int>
    /// The first cell of the depth, and how many there are.
    let start, depth: Int
    /// `[rows, depth]` in cells, as far apart as the product's.
    let a: UnsafeRawPointer
    /// `[depth, tileColumns]`
    let b: UnsafePointer<Float>
    let ahead: FetchAhead
}

/// What comes into the second cache while a tile is multiplied, a line with each step: a part of the panel's next block.
///
/// The first tile of a block would else wait for memory, and where rows are few, that is a good part of them.
struct FetchAhead {
    var address: UnsafeRawPointer
    /// A line, or 0 where nothing is left to be fetched.
    let step: Int

    /// For the tile `index` of a block of so many cells. Any address may be fetched, those behind the last panel too.
    @inline(__always)
    init(_ next: UnsafePointer<Float>, depth: Int, tile index: Int) {
        let fetched = index * depth * cacheLine
        let isDone = fetched >= depth * panelWidth
        address = UnsafeRawPointer(isDone ? next : next + fetched)
        step = isDone ? 0 : cacheLine * cell
    }

    @inline(__always)
    mutating func fetch() {
        prefetch_into_second_cache(address)
        address += step
    }
}

/// Takes the depth block by block, and within a block tile by tile; the last block's tiles are finished by `finish` and by
/// the product's epilogue.
///
/// `depthBlock` is in cells. `multiply` adds a tile's products to its sums, elements of 32 bits, or sets them in the first
/// block.
@inline(__always)
func forEachTile<Element>(
    of product: PanelProduct, depthBlock: Int, multiply: (_ tile: TileInput, _ sums: TileSums<Element>) -> Void,
    finish: (_ rows: Range<Int>, _ column: Int, _ sums: UnsafeMutablePointer<Element>) -> Void = { _, _, _ in }
) {
    let panel = product.b.assumingMemoryBound(to: Float.self)
    let isSmall = product.depth <= depthBlock
    // Tiles of the same height, or one row less: no tile is half empty.
    let tiles = (product.rows + tileRows - 1) / tileRows
    let sums = alignedFloats((isSmall ? tileRows : product.rows) * panelWidth)
    let strip = alignedFloats(tileColumns == panelWidth ? 0 : depthBlock * tileColumns)
    defer {
        sums.deallocate()
        strip.deallocate()
    }
    var epilogue = product.epilogue
    epilogue.columnScales = product.scaling?.columnScales
    let frame = product.scaling?.frameCells ?? product.depth
    var start = 0
    repeat {
        // A frame that is longer than a block ends one: its runs of products begin with it.
        let frameRest = frame > depthBlock ? frame - start % frame : depthBlock
        let depth = min(depthBlock, frameRest, product.depth - start)
        let isLast = start + depth == product.depth
        let next = panel + (start + depth) * panelWidth
        var column = 0
        while column < product.columns {
            let columns = column..<min(column + tileColumns, product.columns)
            let b = narrowed(panel + (start * panelWidth + column), depth: depth, strip)
            for tile in 0..<tiles {
                let first = product.rows * tile / tiles
                let rows = first..<product.rows * (tile + 1) / tiles
                let tileSums = sums + ((isSmall ? 0 : first * panelWidth) + column)
                if start > 0 { prefetchSums(tileSums, rows: rows.count) }
                if isLast { epilogue.prefetch(rows: rows, columns: columns) }
                let elements = UnsafeMutableRawPointer(tileSums).assumingMemoryBound(to: Element.self)
                let input = TileInput(
                    rows: rows, start: start, depth: depth, a: product.a + (first * product.aStride + start) * cell,
                    b: b, ahead: FetchAhead(next, depth: depth, tile: column / tileColumns * tiles + tile))
                multiply(input, TileSums(base: elements, areEmpty: start == 0))
                if isLast {
                    finish(rows, column, elements)
                    epilogue.store(UnsafePointer(tileSums), stride: panelWidth, to: rows, columns: columns)
                }
            }
            column += tileColumns
        }
        start += depth
    } while start < product.depth
}

/// Where the sums of a tile's rows are, ``panelWidth`` apart, and whether nothing was added to them yet.
struct TileSums<Element> {
    let base: UnsafeMutablePointer<Element>
    var areEmpty: Bool

    @inline(__always)
    func address(_ row: Int, _ part: Int) -> UnsafeMutablePointer<Element> {
        base + (row &* panelWidth &+ part &* IntegerLanes.scalarCount)
    }
}

private func alignedFloats(_ count: Int) -> UnsafeMutablePointer<Float> {
    let size = MemoryLayout<Float>.stride
    return UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * size, alignment: cacheLine * size)
        .assumingMemoryBound(to: Float.self)
}

/// A tile's columns of a panel, one row after the other: in place, or in `strip` where a tile is narrower than a panel.
/// Rows that are a panel's width apart would all fall into the same few sets of the first cache.
@inline(__always)
private func narrowed(
    _ panel: UnsafePointer<Float>, depth: Int, _ strip: UnsafeMutablePointer<Float>
) -> UnsafePointer<Float> {
    if tileColumns == panelWidth { return panel }
    for row in 0..<depth {
        (strip + row * tileColumns).update(from: panel + row * panelWidth, count: tileColumns)
    }
    return UnsafePointer(strip)
}

@inline(__always)
private func prefetchSums(_ sums: UnsafeMutablePointer<Float>, rows: Int) {
    for row in 0..<rows {
        for column in stride(from: 0, to: tileColumns, by: cacheLine) {
            prefetch_for_writing(sums + (row * panelWidth + column))
        }
    }
}

extension RawEpilogue {
    @inline(__always)
    fileprivate func prefetch(rows: Range<Int>, columns: Range<Int>) {
        for row in rows {
            for column in stride(from: columns.lowerBound, to: columns.upperBound, by: cacheLine) {
                prefetch_for_writing(destination + (row * destinationStride + column))
            }
        }
    }
}
