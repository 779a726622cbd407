import KernelTable

// The register tile: how many floats a register has, and how many registers of a panel's row a tile takes. With the
// most rows a tile has, its sums, one row of the panel and one element of a fit in the registers that there are:
// 32 for AVX-512 and NEON, 16 for AVX2.
#if AVX512
    typealias Lanes = SIMD16<Float>
    typealias TileRow = InlineArray<4, Lanes>
#elseif AVX2
    typealias Lanes = SIMD8<Float>
    typealias TileRow = InlineArray<2, Lanes>
#else
    typealias Lanes = SIMD4<Float>
    typealias TileRow = InlineArray<4, Lanes>
#endif

/// The most rows of a tile.
let tileRows = 6

/// Columns of a tile, a divisor of ``panelWidth``.
let tileColumns = TileRow.count * Lanes.scalarCount

/// sums = a · b, or sums + a · b where `accumulating`, for up to ``tileRows`` rows: a is `[rows, depth]`, b
/// `[depth, tileColumns]`, and sums `[rows, tileColumns]` with rows ``panelWidth`` apart.
///
/// `sumDepth` products are summed in registers before their sum is added to that of those before.
@inline(__always)
func multiplyTile(
    rows: Int, a: UnsafePointer<Float>, aStride: Int, b: UnsafePointer<Float>, depth: Int,
    sumDepth: Int, sums: UnsafeMutablePointer<Float>, accumulating: Bool
) {
    let row = TileRow(repeating: .zero)
    // A tile of each height, its sums in registers.
    switch rows {
    case 1: Tile<1>.multiply(a, aStride, b, depth, sumDepth, sums, accumulating, .init(repeating: row))
    case 2: Tile<2>.multiply(a, aStride, b, depth, sumDepth, sums, accumulating, .init(repeating: row))
    case 3: Tile<3>.multiply(a, aStride, b, depth, sumDepth, sums, accumulating, .init(repeating: row))
    case 4: Tile<4>.multiply(a, aStride, b, depth, sumDepth, sums, accumulating, .init(repeating: row))
    case 5: Tile<5>.multiply(a, aStride, b, depth, sumDepth, sums, accumulating, .init(repeating: row))
    default: Tile<6>.multiply(a, aStride, b, depth, sumDepth, sums, accumulating, .init(repeating: row))
    }
}

private enum Tile<let rows: Int> {
    @inline(__always)
    static func multiply(
        _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ depth: Int, _ sumDepth: Int,
        _ sums: UnsafeMutablePointer<Float>, _ accumulating: Bool, _ zero: InlineArray<rows, TileRow>
    ) {
        var (a, b) = (a, b)
        var (rest, accumulating) = (depth, accumulating)
        repeat {
            let steps = min(rest, sumDepth)
            var tile = zero
            for _ in 0..<steps {
                var panelRow = TileRow(repeating: .zero)
                for part in 0..<TileRow.count { panelRow[part] = Lanes(at: b + part &* Lanes.scalarCount) }
                for row in 0..<rows {
                    let element = Lanes(repeating: a[row &* aStride])
                    for part in 0..<TileRow.count {
                        tile[row][part] = tile[row][part].addingProduct(element, panelRow[part])
                    }
                }
                a += 1
                b += tileColumns
            }
            if accumulating {
                for row in 0..<rows {
                    for part in 0..<TileRow.count {
                        tile[row][part] += Lanes(at: sums + (row &* panelWidth &+ part &* Lanes.scalarCount))
                    }
                }
            }
            for row in 0..<rows {
                for part in 0..<TileRow.count {
                    tile[row][part].store(at: sums + (row &* panelWidth &+ part &* Lanes.scalarCount))
                }
            }
            accumulating = true
            rest &-= steps
        } while rest > 0
    }
}

extension Lanes {
    @inline(__always)
    fileprivate init(at address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    fileprivate func store(at address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Lanes.self)
    }
}
