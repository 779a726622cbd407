/// How far kernels may be from the same computation in Double.
enum Tolerance {
    /// Half a unit in the last place of 1: the rounding of one float32 operation.
    static let rounding = 0x1p-24
    /// A sum of `count` random products up to `magnitude`: partial sums stay within 2√count, and their `count` roundings
    /// add up like a random walk, √count.
    static func sum(of count: Int, magnitude: Double = 1) -> Double { 2 * Double(count) * rounding * magnitude }
    /// GELU's bump, which is at most 0.17: four of its roundings.
    static let geluBump = 0.17 * 4 * rounding
    /// The steepest slope of GELU: how much of an error in its argument it passes on.
    static let geluSlope = 1.13
    /// e to a power, relative: the polynomial and the roundings of the reduced argument.
    static let exponential = 1.0e-7
}
