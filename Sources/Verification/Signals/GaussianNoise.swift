import Foundation

/// Standard normal noise as `numpy.random.seed(seed); numpy.random.normal(size=count)` makes it: Marsaglia's polar
/// method on a Mersenne Twister, in NumPy's legacy order.
package struct GaussianNoise {
    private var generator: MersenneTwister
    /// The method makes numbers in pairs.
    private var second: Double?

    package init(seed: UInt32) { generator = MersenneTwister(seed: seed) }

    /// The next `count` numbers, rounded to float32.
    package mutating func samples(_ count: Int) -> [Float] { (0..<count).map { _ in Float(next()) } }

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

/// The 32-bit Mersenne Twister (MT19937) of Matsumoto and Nishimura, seeded as `numpy.random.seed` does with a number.
struct MersenneTwister {
    private static let size = 624
    private static let middle = 397

    private var state: [UInt32]
    private var position = size

    init(seed: UInt32) {
        state = [seed]
        for index in 1..<Self.size {
            let last = state[index - 1]
            state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
        }
    }

    /// Uniform over all 32-bit numbers.
    mutating func next() -> UInt32 {
        if position == Self.size { twist() }
        var word = state[position]
        position += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C_5680
        word ^= word << 15 & 0xEFC6_0000
        return word ^ word >> 18
    }

    /// Uniform from 0 up to but not including 1, with 53 random bits.
    mutating func nextDouble() -> Double {
        let high = Double(next() >> 5)
        let low = Double(next() >> 6)
        return (high * 0x1p26 + low) * 0x1p-53
    }

    private mutating func twist() {
        for index in 0..<Self.size {
            let joined = state[index] & 0x8000_0000 | state[(index + 1) % Self.size] & 0x7FFF_FFFF
            let mixed = joined >> 1 ^ (joined & 1 == 0 ? 0 : 0x9908_B0DF)
            state[index] = state[(index + Self.middle) % Self.size] ^ mixed
        }
        position = 0
    }
}
