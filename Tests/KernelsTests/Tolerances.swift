/// How far kernels may be from the same computation in Double.
enum Tolerance {
    /// Half a unit in the last place of 1: the rounding of one float32 operation.
    static let rounding = 0x1p-24
    /// A sum of `count` random products up to `magnitude`. The partial sums grow like √count / 3, and their roundings add
    /// up like a random walk, to a standard deviation of about 0.1 · count roundings where all are summed one after the
    /// other; ten of these are allowed, as the tests look at a million sums, and one rounding for the shortest.
    static func sum(of count: Int, magnitude: Double = 1) -> Double {
        (1 + Double(count)) * rounding * magnitude
    }
    /// GELU's bump, which is at most 0.17: four of its roundings.
    static let geluBump = 0.17 * 4 * rounding
    /// The steepest slope of GELU: how much of an error in its argument it passes on.
    static let geluSlope = 1.13
    /// e to a power, relative: the polynomial and the roundings of the reduced argument.
    static let exponential = 1.0e-7
}
