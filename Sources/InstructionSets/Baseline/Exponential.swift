extension Vector {
    /// e to the power of each lane, for lanes from -87 to 0 (below, -87 is taken: about 1e-38); within 1.5 ulp.
    ///
    /// e^y = 2^n · e^r with n the integer nearest y / ln 2, and a polynomial of degree 6 in r, fitted for the smallest
    /// largest relative error (3e-9) over |r| ≤ ln 2 / 2.
    @inline(__always)
    var exponentialOfNegative: Vector {
        // Adding 1.5 · 2^23 leaves the nearest integer in the low bits of the sum.
        let shift: Float = 12_582_912
        let y = larger(Vector(repeating: -87))
        let shifted = y.times(Vector(repeating: 1.442_695_04), plus: shift)
        let n = shifted - shift
        // ln 2 in two parts, the first of so few bits that n times it is exact.
        let r = (y - n * 0.693_359_375) + n * 2.121_944_4e-4
        var p = r.times(Vector(repeating: 0.001_381_453_94), plus: 0.008_368_745_45)
        p = p.times(r, plus: 0.041_668_389)
        p = p.times(r, plus: 0.166_665_211)
        p = p.times(r, plus: 0.499_999_94)
        p = r.adding(p * r, times: r) + 1
        let exponent = unsafeBitCast(shifted, to: IntegerVector.self) &<< 23
        return unsafeBitCast(unsafeBitCast(p, to: IntegerVector.self) &+ exponent, to: Vector.self)
    }
}
