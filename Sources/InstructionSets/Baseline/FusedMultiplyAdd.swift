import CIntrinsics

// x + y · z with one rounding, so that every instruction set gives the same bits. Without an instruction for it, it is
// computed in several for products of whole numbers (FUSED), and rounded twice for those of float32, which are
// OpenBLAS's and have other bits.

extension Vector {
    /// self + x · y
    @inline(__always)
    func adding(_ x: Vector, times y: Vector) -> Vector {
        #if AVX512 || AVX2 || arch(arm64)
            addingProduct(x, y)
        #elseif FUSED
            fused_multiply_add_16(self, x, y)
        #else
            self + x * y
        #endif
    }

    /// The same with constants, as in a polynomial in Horner's form.
    @inline(__always)
    func times(_ x: Vector, plus constant: Float) -> Vector { Vector(repeating: constant).adding(self, times: x) }
}

/// sum + x · y in a tile.
@inline(__always)
func multiplyAdd(_ sum: Lanes, _ x: Lanes, _ y: Lanes) -> Lanes {
    #if AVX512 || AVX2 || arch(arm64)
        sum.addingProduct(x, y)
    #elseif FUSED
        fused_multiply_add_4(sum, x, y)
    #else
        sum + x * y
    #endif
}
