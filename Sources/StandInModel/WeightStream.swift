/// The elements of one tensor: element i depends on the seed, the tensor's index and i, and on nothing else.
///
/// Only integer arithmetic and single IEEE 754 operations are used, so the bits are the same on every machine. Each
/// element takes one 64-bit hash and adds up its four 16-bit quarters, as four uniform numbers: a bell (Irwin–Hall)
/// that ends about 3.5 standard deviations out.
struct WeightStream: Sendable {
    private let key: UInt64
    private let mean: Float
    private let scale: Float

    init(seed: UInt64, tensor: Int, distribution: WeightDistribution) {
        key = SplitMix64.mix(SplitMix64.mix(seed &+ SplitMix64.increment) &+ UInt64(tensor) &* SplitMix64.increment)
        mean = distribution.mean
        scale = Float(distribution.deviation / Self.sumDeviation)
    }

    subscript(index: Int) -> Float {
        let hash = SplitMix64.mix(key &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* SplitMix64.increment)
        let sum = (hash & 0xFFFF) &+ (hash >> 16 & 0xFFFF) &+ (hash >> 32 & 0xFFFF) &+ (hash >> 48)
        return Float(Int32(truncatingIfNeeded: sum) &- Self.sumMean) * scale + mean
    }

    /// Elements as they are stored: the bits of float32, least significant byte first.
    func littleEndianBits(_ range: Range<Int>) -> [UInt32] {
        var bits = [UInt32](repeating: 0, count: range.count)
        for offset in bits.indices {
            bits[offset] = self[range.lowerBound &+ offset].bitPattern.littleEndian
        }
        return bits
    }

    /// The mean of the sum of four numbers from 0 to 65,535.
    private static let sumMean: Int32 = 4 * 65_535 / 2
    /// Its standard deviation: the variance of one is (65,536² − 1) / 12.
    private static let sumDeviation = (4 * (65_536.0 * 65_536.0 - 1) / 12).squareRoot()
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): a mixing function
/// over a counter that steps by the golden ratio. The same numbers on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    fileprivate static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    fileprivate static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
