/// One array of the engine's, compared with the one expected.
package struct Comparison: Sendable, Hashable, Codable {
    package let name: String
    /// The engine's, without axes of size 1.
    package let shape: [Int]
    /// Without axes of size 1.
    package let expectedShape: [Int]
    package let difference: Difference
    /// Which of the differences is judged.
    package let measure: Tolerance.Measure
    /// The most that it may be.
    package let limit: Double
    package let passed: Bool
    /// The numbers themselves, if there are only a few.
    package let found: [Double]?
    package let expected: [Double]?

    /// How many numbers are a few.
    static let shownCount = 8

    init(_ name: String, found: Values, expected: Values, tolerance: Tolerance) {
        self.name = name
        shape = found.shape
        expectedShape = expected.shape
        let measured = Difference(of: found.elements, from: expected.elements)
        // As many numbers in another shape are other numbers.
        difference = shape == expectedShape ? measured : Difference(of: [], from: [1])
        limit = tolerance.limit(scale: difference.scale)
        measure = tolerance.measure
        let judged = measure == .largest ? difference.largest : difference.mean
        passed = judged.isFinite && judged <= limit
        let isShown = max(found.elements.count, expected.elements.count) <= Self.shownCount
        self.found = isShown ? found.elements : nil
        self.expected = isShown ? expected.elements : nil
    }
}

/// How far numbers are from those expected.
package struct Difference: Sendable, Hashable, Codable {
    /// The largest absolute difference; infinite if a number is missing or either is not finite.
    package let largest: Double
    /// The mean absolute difference; infinite likewise.
    package let mean: Double
    /// The largest magnitude of what was expected: what the differences are to be seen against.
    package let scale: Double
    /// The mean magnitude of what was expected.
    package let typical: Double

    /// The difference of two lists of numbers, in the same order.
    package init(of found: some Collection<Double>, from expected: some Collection<Double>) {
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
