/// One array of the engine's, compared with the one expected.
public struct Comparison: Sendable, Hashable, Codable {
    public let name: String
    /// The engine's, without axes of size 1.
    public let shape: [Int]
    /// Without axes of size 1.
    public let expectedShape: [Int]
    public let difference: Difference
    /// Which of the differences is judged.
    public let measure: Tolerance.Measure
    /// The most that it may be.
    public let limit: Double
    public let passed: Bool
    /// The numbers themselves, where there are only a few.
    public let found: [Double]?
    public let expected: [Double]?

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

/// Numbers in an order that is the same on both sides of a comparison: a layer's state frame by frame.
struct Values: Sendable, Equatable {
    /// Without axes of size 1, so that it does not matter where the batch is kept.
    let shape: [Int]
    /// Row-major.
    let elements: [Double]

    init(shape: [Int], _ elements: [Double]) {
        self.shape = shape.filter { $0 != 1 }
        self.elements = elements
    }

    init(_ elements: [Double]) { self.init(shape: [elements.count], elements) }

    init(_ elements: [Float]) { self.init(elements.map(Double.init)) }
}
