import CIntrinsics
import KernelTable

/// Multiplies whole numbers of 16 bits, and finishes the product.
func multiplyInt16Panel(_ product: PanelProduct) {
    guard let scaling = product.scaling else { return }
    // Whole frames, or whole runs of products that are summed in 32 bits: sums end at the same places in every block.
    let frame = scaling.frameCells
    let block = frame < depthBlock ? depthBlock / frame * frame : depthBlock
    forEachTile(of: product, depthBlock: block) { tile, sums in
        let (frameIndex, cells) = tile.start.quotientAndRemainder(dividingBy: frame)
        let scales = TileScales(
            first: scaling.frameScales + (tile.rows.lowerBound * scaling.frameStride + frameIndex),
            stride: scaling.frameStride, frameCells: frame, cellsLeft: frame - cells)
        let (stride, row) = (product.aStride, IntegerTileRow(repeating: .zero))
        switch tile.rows.count {
        case 1: IntegerTile<1>.multiply(tile, stride, scales, sums, .init(repeating: row))
        case 2: IntegerTile<2>.multiply(tile, stride, scales, sums, .init(repeating: row))
        case 3: IntegerTile<3>.multiply(tile, stride, scales, sums, .init(repeating: row))
        case 4: IntegerTile<4>.multiply(tile, stride, scales, sums, .init(repeating: row))
        case 5: IntegerTile<5>.multiply(tile, stride, scales, sums, .init(repeating: row))
        default: IntegerTile<6>.multiply(tile, stride, scales, sums, .init(repeating: row))
        }
    }
}

/// Multiplies whole numbers of 8 bits, those of the first factor from 0 to 255, and finishes the product.
func multiplyInt8Panel(_ product: PanelProduct) {
    guard let scaling = product.scaling, let zeros = scaling.frameZeros, let columnSums = scaling.columnSums else {
        return
    }
    forEachTile(of: product, depthBlock: depthBlock) { tile, sums in
        let (stride, row) = (product.aStride, IntegerTileRow(repeating: .zero))
        switch tile.rows.count {
        case 1: IntegerTile<1>.multiply(tile, stride, sums, .init(repeating: row))
        case 2: IntegerTile<2>.multiply(tile, stride, sums, .init(repeating: row))
        case 3: IntegerTile<3>.multiply(tile, stride, sums, .init(repeating: row))
        case 4: IntegerTile<4>.multiply(tile, stride, sums, .init(repeating: row))
        case 5: IntegerTile<5>.multiply(tile, stride, sums, .init(repeating: row))
        default: IntegerTile<6>.multiply(tile, stride, sums, .init(repeating: row))
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
