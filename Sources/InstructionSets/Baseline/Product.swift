import KernelTable

/// Multiplies numbers, and finishes the product.
func multiplyPanel(_ product: PanelProduct) {
    // Sums of short sums round less than long sums; so short that a product takes longer only where it is short itself.
    let sumDepth = product.depth <= depthBlock ? 32 : 128
    forEachTile(of: product, depthBlock: depthBlock) { tile, sums in
        let (stride, row) = (product.aStride, TileRow(repeating: .zero))
        // A tile of each height, its sums in registers.
        switch tile.rows.count {
        case 1: Tile<1>.multiply(tile, stride, sumDepth: sumDepth, sums, .init(repeating: row))
        case 2: Tile<2>.multiply(tile, stride, sumDepth: sumDepth, sums, .init(repeating: row))
        case 3: Tile<3>.multiply(tile, stride, sumDepth: sumDepth, sums, .init(repeating: row))
        case 4: Tile<4>.multiply(tile, stride, sumDepth: sumDepth, sums, .init(repeating: row))
        case 5: Tile<5>.multiply(tile, stride, sumDepth: sumDepth, sums, .init(repeating: row))
        default: Tile<6>.multiply(tile, stride, sumDepth: sumDepth, sums, .init(repeating: row))
        }
    }
}

extension RawEpilogue {
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
