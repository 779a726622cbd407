import CIntrinsics
import KernelTable

/// Multiplies whole numbers of 16 bits, and finishes the product.
func multiplyInt16Panel(_ product: PanelProduct) {
    guard let scaling = product.scaling else { return }
    // Whole frames, or whole runs of products that are summed in 32 bits: sums end at the same places in every block.
    let frame = scaling.frameCells
    let block = frame < depthBlock ? depthBlock / frame * frame : depthBlock
    forEachTile(
        of: product, depthBlock: block, frameCells: frame
    ) { (rows, start, a, b, depth, sums: TileSums<Float>) in
        let (frameIndex, cells) = start.quotientAndRemainder(dividingBy: frame)
        let scales = TileScales(
            first: scaling.frameScales + (rows.lowerBound * scaling.frameStride + frameIndex),
            stride: scaling.frameStride, frameCells: frame, cellsLeft: frame - cells)
        let (stride, row) = (product.aStride, IntegerTileRow(repeating: .zero))
        switch rows.count {
        case 1: IntegerTile<1>.multiply(a, stride, b, depth, scales, sums, .init(repeating: row))
        case 2: IntegerTile<2>.multiply(a, stride, b, depth, scales, sums, .init(repeating: row))
        case 3: IntegerTile<3>.multiply(a, stride, b, depth, scales, sums, .init(repeating: row))
        case 4: IntegerTile<4>.multiply(a, stride, b, depth, scales, sums, .init(repeating: row))
        case 5: IntegerTile<5>.multiply(a, stride, b, depth, scales, sums, .init(repeating: row))
        default: IntegerTile<6>.multiply(a, stride, b, depth, scales, sums, .init(repeating: row))
        }
    } finish: { _, _, _ in
    }
}

/// Multiplies whole numbers of 8 bits, those of the first factor from 0 to 255, and finishes the product.
func multiplyInt8Panel(_ product: PanelProduct) {
    guard let scaling = product.scaling, let zeros = scaling.frameZeros, let columnSums = scaling.columnSums else {
        return
    }
    forEachTile(
        of: product, depthBlock: depthBlock, frameCells: scaling.frameCells
    ) { (rows, _, a, b, depth, sums: TileSums<Int32>) in
        let (stride, row) = (product.aStride, IntegerTileRow(repeating: .zero))
        switch rows.count {
        case 1: IntegerTile<1>.multiply(a, stride, b, depth, sums, .init(repeating: row))
        case 2: IntegerTile<2>.multiply(a, stride, b, depth, sums, .init(repeating: row))
        case 3: IntegerTile<3>.multiply(a, stride, b, depth, sums, .init(repeating: row))
        case 4: IntegerTile<4>.multiply(a, stride, b, depth, sums, .init(repeating: row))
        case 5: IntegerTile<5>.multiply(a, stride, b, depth, sums, .init(repeating: row))
        default: IntegerTile<6>.multiply(a, stride, b, depth, sums, .init(repeating: row))
        }
    } finish: { rows, column, sums in
        // (sum − zero · column's sum) · scale of the row, in the place of the sum.
        for row in rows {
            let scale = Lanes(repeating: scaling.frameScales[row * scaling.frameStride])
            let zero = IntegerLanes(repeating: zeros[row * scaling.frameStride])
            for part in 0..<IntegerTileRow.count {
                let offset = part &* IntegerLanes.scalarCount
                let address = UnsafeMutableRawPointer(sums + ((row - rows.lowerBound) * panelWidth + offset))
                let sum = address.loadUnaligned(as: IntegerLanes.self)
                let columnSum = UnsafeRawPointer(columnSums + (column + offset)).loadUnaligned(as: IntegerLanes.self)
                address.storeBytes(of: floats(sum &- zero &* columnSum) * scale, as: Lanes.self)
            }
        }
    }
}

/// Takes the depth block by block, and within a block tile by tile; the last block's tiles are finished by `finish` and by
/// the product's epilogue. Sums are elements of 32 bits. A block ends with a frame that is longer than one: frames' runs
/// of products begin with the frame.
@inline(__always)
private func forEachTile<Element>(
    of product: PanelProduct, depthBlock: Int, frameCells: Int,
    multiply: (
        _ rows: Range<Int>, _ start: Int, _ a: UnsafeRawPointer, _ b: UnsafePointer<Float>, _ depth: Int,
        _ sums: TileSums<Element>
    ) -> Void,
    finish: (_ rows: Range<Int>, _ column: Int, _ sums: UnsafeMutablePointer<Element>) -> Void
) {
    let panel = product.b.assumingMemoryBound(to: Float.self)
    let isSmall = product.depth <= depthBlock
    let tiles = (product.rows + tileRows - 1) / tileRows
    let sums = alignedFloats((isSmall ? tileRows : product.rows) * panelWidth)
    let strip = alignedFloats(tileColumns == panelWidth ? 0 : depthBlock * tileColumns)
    defer {
        sums.deallocate()
        strip.deallocate()
    }
    var epilogue = product.epilogue
    epilogue.columnScales = product.scaling?.columnScales
    var start = 0
    repeat {
        let frameEnd = frameCells > depthBlock ? frameCells - start % frameCells : depthBlock
        let depth = min(depthBlock, frameEnd, product.depth - start)
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
                if isLast { epilogue.prefetch(rows: rows, columns: columns) }
                let elements = UnsafeMutableRawPointer(tileSums).assumingMemoryBound(to: Element.self)
                multiply(
                    rows, start, product.a + (first * product.aStride + start) * cell, b, depth,
                    TileSums(base: elements, areEmpty: start == 0))
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
