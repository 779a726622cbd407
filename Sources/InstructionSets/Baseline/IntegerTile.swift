import CIntrinsics
import KernelTable

// As many whole numbers of 32 bits as `Lanes` has floats, and as many registers of them as a tile takes.
#if AVX512
    typealias IntegerLanes = SIMD16<Int32>
    typealias IntegerTileRow = InlineArray<4, IntegerLanes>
#elseif AVX2
    typealias IntegerLanes = SIMD8<Int32>
    typealias IntegerTileRow = InlineArray<2, IntegerLanes>
#else
    typealias IntegerLanes = SIMD4<Int32>
    typealias IntegerTileRow = InlineArray<4, IntegerLanes>
#endif

/// Each lane as a float, rounded to the nearest.
@inline(__always)
func floats(_ x: IntegerLanes) -> Lanes {
    #if AVX512
        floats_of_16(x)
    #elseif AVX2
        floats_of_8(x)
    #else
        floats_of_4(x)
    #endif
}

/// What is done with two cells of whole numbers.
protocol CellArithmetic {
    /// sum plus the products of the numbers in the cells of a and b, modulo 2³².
    static func adding(_ sum: IntegerLanes, _ a: IntegerLanes, _ b: IntegerLanes) -> IntegerLanes
}

/// Two numbers of 16 bits a cell.
enum Int16Cells: CellArithmetic {
    @inline(__always)
    static func adding(_ sum: IntegerLanes, _ a: IntegerLanes, _ b: IntegerLanes) -> IntegerLanes {
        #if AVX512
            adding_int16_products_16(sum, a, b)
        #elseif AVX2
            adding_int16_products_8(sum, a, b)
        #else
            adding_int16_products_4(sum, a, b)
        #endif
    }
}

/// Four numbers of 8 bits a cell, those of a from 0 to 255.
enum Int8Cells: CellArithmetic {
    @inline(__always)
    static func adding(_ sum: IntegerLanes, _ a: IntegerLanes, _ b: IntegerLanes) -> IntegerLanes {
        #if AVX512
            adding_int8_products_16(sum, a, b)
        #elseif AVX2
            adding_int8_products_8(sum, a, b)
        #else
            adding_int8_products_4(sum, a, b)
        #endif
    }
}

/// The scales of a tile's rows: where in a row's frames its first cell is.
struct TileScales {
    /// Of the frame that the first row's first cell belongs to.
    var first: UnsafePointer<Float>
    /// From one row's to the next one's.
    let stride: Int
    let frameCells: Int
    /// Cells that are left of the frame.
    var cellsLeft: Int
}

enum IntegerTile<let rows: Int> {
    /// sums + Σ scale of the frame · a · b, for a `[rows, depth]` and b `[depth, tileColumns]` in cells of int16.
    @inline(__always)
    static func multiply(
        _ input: TileInput, _ aStride: Int, _ scales: TileScales, _ sums: TileSums<Float>,
        _ zero: InlineArray<rows, IntegerTileRow>
    ) {
        var (input, scales, sums) = (IntegerInput(input), scales, sums)
        var rest = input.depth
        repeat {
            let steps = min(rest, scales.cellsLeft, Int16Products.count / 2)
            var tile = zero
            accumulate(Int16Cells.self, &input, aStride, steps, &tile)
            for row in 0..<rows {
                let scale = Lanes(repeating: scales.first[row &* scales.stride])
                for part in 0..<IntegerTileRow.count {
                    let address = sums.address(row, part)
                    // Multiplied and added with a rounding each, as every instruction set can.
                    var sum = floats(tile[row][part]) * scale
                    if !sums.areEmpty { sum += Lanes(at: address) }
                    sum.store(at: address)
                }
            }
            sums.areEmpty = false
            rest &-= steps
            scales.cellsLeft &-= steps
            if scales.cellsLeft == 0 {
                scales.cellsLeft = scales.frameCells
                scales.first += 1
            }
        } while rest > 0
    }

    /// sums + a · b, for a `[rows, depth]` and b `[depth, tileColumns]` in cells of int8.
    @inline(__always)
    static func multiply(
        _ input: TileInput, _ aStride: Int, _ sums: TileSums<Int32>, _ zero: InlineArray<rows, IntegerTileRow>
    ) {
        var (input, tile) = (IntegerInput(input), zero)
        if !sums.areEmpty {
            for row in 0..<rows {
                for part in 0..<IntegerTileRow.count {
                    tile[row][part] = UnsafeRawPointer(sums.address(row, part)).loadUnaligned(as: IntegerLanes.self)
                }
            }
        }
        accumulate(Int8Cells.self, &input, aStride, input.depth, &tile)
        for row in 0..<rows {
            for part in 0..<IntegerTileRow.count {
                UnsafeMutableRawPointer(sums.address(row, part)).storeBytes(of: tile[row][part], as: IntegerLanes.self)
            }
        }
    }

    /// tile + a · b over the next `steps` cells of the depth.
    @inline(__always)
    private static func accumulate<Cells: CellArithmetic>(
        _ cells: Cells.Type, _ input: inout IntegerInput, _ aStride: Int, _ steps: Int,
        _ tile: inout InlineArray<rows, IntegerTileRow>
    ) {
        var (a, b, ahead) = (input.a, input.b, input.ahead)
        for _ in 0..<steps {
            ahead.fetch()
            var panelRow = IntegerTileRow(repeating: .zero)
            for part in 0..<IntegerTileRow.count {
                panelRow[part] = b.loadUnaligned(
                    fromByteOffset: part &* IntegerLanes.scalarCount &* cell, as: IntegerLanes.self)
            }
            for row in 0..<rows {
                let element = IntegerLanes(
                    repeating: a.loadUnaligned(fromByteOffset: row &* aStride &* cell, as: Int32.self))
                for part in 0..<IntegerTileRow.count {
                    tile[row][part] = Cells.adding(tile[row][part], element, panelRow[part])
                }
            }
            a += cell
            b += tileColumns &* cell
        }
        (input.a, input.b, input.ahead) = (a, b, ahead)
    }
}

/// What is left of a tile's part of a product.
private struct IntegerInput {
    var a, b: UnsafeRawPointer
    var ahead: FetchAhead
    let depth: Int

    @inline(__always)
    init(_ input: TileInput) {
        (a, b) = (input.a, UnsafeRawPointer(input.b))
        (ahead, depth) = (input.ahead, input.depth)
    }
}
