import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct FusedNormalizationsTests {
    private let epsilon: [String: Attribute] = ["epsilon": .float(0.125)]

    @Test(arguments: [[2, 3, 4], [1, 3, 4], [3, 4]])
    func `SkipLayerNormalization is LayerNormalization of a sum`(skipShape: [Int]) throws {
        let (x, skip) = (try noise([2, 3, 4], seed: 1), try noise(skipShape, seed: 2))
        let (gamma, beta, bias) = (try noise([4], seed: 3), try noise([4], seed: 4), try noise([4], seed: 5))
        let sum = try result("Add", result("Add", x, skip), bias)
        let expected = try evaluate("LayerNormalization", [sum, gamma, beta], epsilon, outputs: 3)
        let found = try evaluate(
            "SkipLayerNormalization", [x, skip, gamma, beta, bias], epsilon, domain: runtime, outputs: 4)
        #expect(found == expected + [sum])

        let withoutBias = try evaluate("SkipLayerNormalization", [x, skip, gamma, beta], epsilon, domain: runtime)
        #expect(
            try withoutBias == evaluate("LayerNormalization", [result("Add", x, skip), gamma, beta], epsilon))
        let scaleAlone = try evaluate("SkipLayerNormalization", [x, skip, gamma, nil, bias], epsilon, domain: runtime)
        #expect(try scaleAlone == evaluate("LayerNormalization", [sum, gamma], epsilon))
    }

    @Test func `SkipSimplifiedLayerNormalization is RMSNormalization of a sum`() throws {
        let (x, skip) = (try noise([2, 3, 4], seed: 6), try noise([2, 3, 4], seed: 7))
        let (gamma, bias) = (try noise([4], seed: 8), try noise([4], seed: 9))
        let sum = try result("Add", result("Add", x, skip), bias)
        let found = try evaluate(
            "SkipSimplifiedLayerNormalization", [x, skip, gamma, bias], epsilon, domain: runtime, outputs: 4)
        #expect(try found[0] == result("RMSNormalization", sum, gamma, attributes: epsilon, opset: 23))
        #expect(found[3] == sum)
    }

    @Test func `the standard epsilon is 1e-12`() throws {
        let (x, skip, ones) = (try real([1, 2], [0, 1e-6]), try real([1, 2], [0, 1e-6]), try real([2], [1, 1]))
        // The deviation is 1e-6, its square 1e-12.
        let expected = try real([1, 2], [-0.5.squareRoot(), 0.5.squareRoot()])
        let found = try result("SkipLayerNormalization", x, skip, ones, domain: runtime)
        #expect(try largestDifference(found, expected) < 1e-7)
    }

    @Test func `shapes that don't fit`() throws {
        let x = try noise([2, 3, 4], seed: 1)
        let gamma = try noise([4], seed: 2)
        #expect(
            try refusal("SkipLayerNormalization", x, noise([3], seed: 1), gamma, domain: runtime)
                == .notBroadcastable([3], [2, 3, 4]))
        #expect(
            try refusal("SkipLayerNormalization", x, noise([2, 2, 3, 4], seed: 1), gamma, domain: runtime)
                == .wrongShape(input: 1, found: [2, 2, 3, 4], expected: "one that broadcasts to [2, 3, 4]"))
        let one = try real([], [1])
        #expect(
            refusal("SkipLayerNormalization", one, one, one, domain: runtime)
                == .wrongShape(input: 0, found: [], expected: "at least one axis"))
    }
}
