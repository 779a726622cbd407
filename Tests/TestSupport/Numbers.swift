import StandInModel

/// Uniform noise between -1 and 1, the same in every run; each seed has its own.
package func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in generator.nextFloat() }
}

extension SplitMix64 {
    /// Uniform between -1 and 1.
    package mutating func nextFloat() -> Float { Float(Int32(truncatingIfNeeded: next() >> 32)) * 0x1p-31 }
}

/// The largest absolute difference between two lists of numbers; infinite where their lengths differ or a difference is
/// not a number, so that such lists are never close.
@inlinable
package func largestDifference<Actual: BinaryFloatingPoint, Expected: BinaryFloatingPoint>(
    _ actual: some Collection<Actual>, _ expected: some Collection<Expected>
) -> Double {
    guard actual.count == expected.count else { return .infinity }
    return zip(actual, expected).reduce(0) { largest, pair in
        let difference = abs(Double(pair.0) - Double(pair.1))
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

extension StandIn.Sizes {
    /// The sizes of the tiny exports among the fixtures.
    package static let fixture = StandIn.Sizes(
        hidden: 64, layers: 2, heads: 4, feedForward: 128, channels: 32, positionalKernel: 16, positionalGroups: 4)

    /// Sizes that nothing divides evenly but what must: a frame for 21 samples, another for each 12 more.
    package static let awkward = StandIn.Sizes(
        hidden: 45, layers: 3, heads: 5, feedForward: 77, channels: 19, kernels: [9, 4, 1], strides: [4, 3, 1],
        positionalKernel: 6, positionalGroups: 9, outputs: 7)
}
