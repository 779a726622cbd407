import Testing

@testable import Verification

@Suite struct ComparisonTests {
    @Test func `largest, mean and scale`() {
        let difference = Difference(of: [1, -2, 3.5], from: [1, -4, 3])
        #expect(difference.largest == 2)
        #expect(difference.mean == 2.5 / 3)
        #expect(difference.scale == 4)
    }

    @Test func `nothing differs from nothing`() {
        let difference = Difference(of: [], from: [])
        #expect(difference.largest == 0 && difference.mean == 0 && difference.scale == 0)
    }

    /// Two lists of numbers.
    struct Pair: Sendable {
        let found: [Double]
        let expected: [Double]
    }

    static let infinitelyFar: [Pair] = [
        Pair(found: [1, .nan], expected: [1, 2]),
        Pair(found: [1, 2], expected: [.nan, 2]),
        Pair(found: [.infinity], expected: [.infinity]),
        Pair(found: [-.infinity, 0], expected: [0, 0]),
        Pair(found: [1], expected: [1, 2]),
        Pair(found: [1, 2], expected: [1]),
    ]

    @Test(arguments: infinitelyFar)
    func `what is missing or not finite is infinitely far`(pair: Pair) {
        let difference = Difference(of: pair.found, from: pair.expected)
        #expect(difference.largest == .infinity)
        #expect(difference.mean == .infinity)
        let tolerance = Tolerance(relative: 1, absolute: 1e300)
        #expect(
            !Comparison("", found: Values(pair.found), expected: Values(pair.expected), tolerance: tolerance).passed)
    }

    @Test func `tolerance is relative, with a floor`() {
        let tolerance = Tolerance(relative: 0.5, absolute: 1)
        #expect(tolerance.limit(scale: 10) == 5)
        #expect(tolerance.limit(scale: 0.1) == 1)
    }

    @Test func `the limit itself passes`() {
        func passes(_ found: Double) -> Bool {
            Comparison("", found: Values([found]), expected: Values([8.0]), tolerance: Tolerance(relative: 0.25)).passed
        }
        #expect(passes(10) && passes(6))
        #expect(!passes(10.0.nextUp) && !passes(6.0.nextDown))
    }

    @Test func `either the largest difference is judged or the mean`() {
        func passes(_ measure: Tolerance.Measure, _ absolute: Double) -> Bool {
            let (found, expected) = (Values([1.0, 1, 1, 2]), Values([1.0, 1, 1, 1]))
            return Comparison("", found: found, expected: expected, tolerance: Tolerance(measure, absolute: absolute))
                .passed
        }
        #expect(passes(.largest, 1) && !passes(.largest, 0.9))
        #expect(passes(.mean, 0.25) && !passes(.mean, 0.2))
    }

    @Test func `a batch axis does not matter, another order does`() {
        let wide = Values(shape: [2, 3], [1, 2, 3, 4, 5, 6])
        let batched = Values(shape: [1, 2, 3], [1, 2, 3, 4, 5, 6])
        let tall = Values(shape: [3, 2], [1, 2, 3, 4, 5, 6])
        #expect(Comparison("", found: wide, expected: batched, tolerance: Tolerance()).passed)
        #expect(!Comparison("", found: wide, expected: tall, tolerance: Tolerance(relative: 1e9)).passed)
    }

    @Test func `only a few numbers are kept`() {
        let few = Values((0..<8).map(Double.init))
        let many = Values((0..<9).map(Double.init))
        #expect(Comparison("", found: few, expected: few, tolerance: Tolerance()).found == few.elements)
        #expect(Comparison("", found: many, expected: many, tolerance: Tolerance()).found == nil)
        #expect(Comparison("", found: few, expected: many, tolerance: Tolerance()).expected == nil)
    }
}
