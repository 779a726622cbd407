extension Vector {
    /// x · Φ(x), with an error of half a unit in the last place of the result plus 4e-8.
    ///
    /// GELU is ReLU less a bump: x · Φ(x) = max(x, 0) − a · Φ(−a) with a = |x|. The bump's tail is exact in form:
    /// Φ(−a) = exp(−a²/2) · S(a), where S(a) = ½ · erfcx(a/√2) is smooth. With u = 1 / (1 + 0.34 · a), S(a) = u · Q(u), Q of
    /// degree 8 fitted for the smallest largest relative error (3.1e-8) over 0 ≤ a ≤ 14. Nothing cancels, on either side.
    @inline(__always)
    var gelu: Vector {
        let a = magnitude.smaller(Vector(repeating: 13))
        let u = 1 / a.times(Vector(repeating: 0.34), plus: 1)
        var q = u.times(Vector(repeating: -0.026_120_491_3), plus: 0.139_499_575)
        q = q.times(u, plus: -0.273_132_89)
        q = q.times(u, plus: 0.202_182_829)
        q = q.times(u, plus: -0.044_718_544_9)
        q = q.times(u, plus: 0.115_359_195)
        q = q.times(u, plus: 0.115_197_651)
        q = q.times(u, plus: 0.136_112_198)
        q = q.times(u, plus: 0.135_620_505)
        let bump = a * (q * u) * (a * a * -0.5).exponentialOfNegative
        return larger(.zero) - bump
    }
}
