/// How far numbers are from those expected.
public struct Difference: Sendable, Hashable, Codable {
    /// The largest absolute difference; infinite where a number is missing or either is not finite.
    public let largest: Double
    /// The mean absolute difference; infinite likewise.
    public let mean: Double
    /// The largest magnitude of what was expected: what the differences are to be seen against.
    public let scale: Double
    /// The mean magnitude of what was expected.
    public let typical: Double

    /// The difference of two lists of numbers, in the same order.
    public init(of found: some Collection<Double>, from expected: some Collection<Double>) {
        var largest = 0.0
        var sum = 0.0
        var scale = 0.0
        var magnitudes = 0.0
        for (found, expected) in zip(found, expected) {
            let distance = abs(found - expected)
            largest = max(largest, distance.isNaN ? .infinity : distance)
            sum += distance.isNaN ? .infinity : distance
            scale = max(scale, abs(expected))
            magnitudes += abs(expected)
        }
        let isComplete = found.count == expected.count
        self.largest = isComplete ? largest : .infinity
        mean = isComplete ? (expected.isEmpty ? 0 : sum / Double(expected.count)) : .infinity
        self.scale = scale
        typical = expected.isEmpty ? 0 : magnitudes / Double(expected.count)
    }

    /// The largest difference in steps of float32 at the largest magnitude expected.
    var ulp: Double {
        let step = Double(Float(scale).ulp)
        return largest == 0 ? 0 : step > 0 && step.isFinite ? largest / step : .infinity
    }

    /// The mean difference, relative to the mean magnitude expected, or to `floor` where that is more; as it is where
    /// nothing but zeros was expected.
    func relativeMean(atLeast floor: Double = 0) -> Double {
        let size = max(typical, floor)
        return size > 0 ? mean / size : mean
    }
}
