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

enum Tile<let rows: Int> {
    /// sums + a · b, for a `[rows, depth]` and b `[depth, tileColumns]`, `aStride` numbers from one row of a to the next.
    ///
    /// `sumDepth` products are summed in registers before their sum is added to that of those before.
    @inline(__always)
    static func multiply(
        _ input: TileInput, _ aStride: Int, sumDepth: Int, _ sums: TileSums<Float>, _ zero: InlineArray<rows, TileRow>
    ) {
        var (b, ahead, sums, rest) = (input.b, input.ahead, sums, input.depth)
        var a = input.a.assumingMemoryBound(to: Float.self)
        repeat {
            let steps = min(rest, sumDepth)
            var tile = zero
            for _ in 0..<steps {
                ahead.fetch()
                var panelRow = TileRow(repeating: .zero)
                for part in 0..<TileRow.count { panelRow[part] = Lanes(at: b + part &* Lanes.scalarCount) }
                for row in 0..<rows {
                    let element = Lanes(repeating: a[row &* aStride])
                    for part in 0..<TileRow.count {
                        tile[row][part] = multiplyAdd(tile[row][part], element, panelRow[part])
                    }
                }
                a += 1
                b += tileColumns
            }
            for row in 0..<rows {
                for part in 0..<TileRow.count {
                    let address = sums.address(row, part)
                    var sum = tile[row][part]
                    if !sums.areEmpty { sum += Lanes(at: address) }
                    sum.store(at: address)
                }
            }
            sums.areEmpty = false
            rest &-= steps
        } while rest > 0
    }
}

extension Lanes {
    @inline(__always)
    init(at address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    func store(at address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Lanes.self)
    }
}
