/// The same uniform noise from -1 to 1 in every process.
public func noise(_ count: Int) -> [Float] {
    var generator = SplitMix64(state: 1)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
