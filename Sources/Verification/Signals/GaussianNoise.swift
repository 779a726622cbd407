import Foundation

/// Standard normal noise as `numpy.random.seed(seed); numpy.random.normal(size=count)` makes it: Marsaglia's polar
/// method on a Mersenne Twister, in NumPy's legacy order.
public struct GaussianNoise {
    private var generator: MersenneTwister
    /// The method makes numbers in pairs.
    private var second: Double?

    public init(seed: UInt32) { generator = MersenneTwister(seed: seed) }

    /// The next `count` numbers, rounded to float32.
    public mutating func samples(_ count: Int) -> [Float] { (0..<count).map { _ in Float(next()) } }

    mutating func next() -> Double {
        if let number = second {
            second = nil
            return number
        }
        while true {
            let x = 2 * generator.nextDouble() - 1
            let y = 2 * generator.nextDouble() - 1
            let square = x * x + y * y
            if square >= 1 || square == 0 { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            second = factor * x
            return factor * y
        }
    }
}
