import Foundation
import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct NormalizationsTests {
    @Test func `Softmax along one axis from operator set 13 on`() throws {
        let x = try noise([2, 3, 4], seed: 1)
        for (axis, attributes) in [(2, [:]), (1, ["axis": .int(1)]), (1, ["axis": .int(-2)])]
            as [(Int, [String: Attribute])]
        {
            let y = try result("Softmax", x, attributes: attributes, opset: 13)
            let sums = try result("ReduceSum", y, list(axis))
            #expect(
                try largestDifference(sums, real(sums.shape, sums.reals.map { $0.map { _ in 1 } } ?? []))
                    < doubleTolerance)
            // The ratio of two elements of a group is the exponential of their difference.
            let (before, after) = (try #require(x.reals), try #require(y.reals))
            let step = axis == 2 ? 1 : 4
            #expect(abs(after[step] / after[0] - exp(before[step] - before[0])) < doubleTolerance)
        }
    }

    @Test func `Softmax over all axes from the given one on before operator set 13`() throws {
        let x = try noise([2, 3, 4], seed: 2)
        let flat = try result("Softmax", result("Reshape", x, list(2, 12)), opset: 13)
        #expect(try result("Softmax", x, opset: 11) == result("Reshape", flat, list(2, 3, 4)))
        #expect(try result("Softmax", x, attributes: ["axis": .int(2)], opset: 11) == result("Softmax", x, opset: 13))
        let all = try result("Softmax", result("Reshape", x, list(24)), opset: 13)
        let whole = try result("Softmax", x, attributes: ["axis": .int(-3)], opset: 12)
        #expect(try whole == result("Reshape", all, list(2, 3, 4)))
    }

    @Test func `Softmax of large numbers`() throws {
        #expect(try result("Softmax", real([1, 3], [1e300, 0, -1e300])) == real([1, 3], [1, 0, 0]))
        #expect(try result("Softmax", real([2], [-3.4e38, -3.4e38])) == real([2], [0.5, 0.5]))
        #expect(try result("Softmax", real([0, 3], [])) == real([0, 3], []))
        #expect(
            try refusal("Softmax", real([2], [1, 2]), attributes: ["axis": .int(1)]) == .axisOutOfRange(1, rank: 1))
        #expect(try refusal("Softmax", real([], [1])) == .axisOutOfRange(-1, rank: 0))
    }

    @Test func `LayerNormalization over the last axis`() throws {
        let x = try real([2, 3], [1, 2, 6, -1, -1, -1])
        let y = try evaluate(
            "LayerNormalization", [x, real([3], [1, 2, 3]), real([3], [10, 20, 30])], ["epsilon": .float(0.25)],
            outputs: 3)
        // Mean 3, deviations -2, -1, 3, variance 14/3; then mean -1, variance 0.
        let d = (14.0 / 3 + 0.25).squareRoot()
        try #require(y.count == 3)
        #expect(
            try largestDifference(y[0], real([2, 3], [10 - 2 / d, 20 - 2 / d, 30 + 9 / d, 10, 20, 30]))
                < doubleTolerance)
        #expect(try largestDifference(y[1], real([2, 1], [3, -1])) < doubleTolerance)
        #expect(try largestDifference(y[2], real([2, 1], [1 / d, 2])) < doubleTolerance)
    }

    @Test func `LayerNormalization equals its primitive operators`() throws {
        let x = try noise([3, 5, 2], seed: 3)
        let scale = try noise([5, 2], seed: 4)
        let y = try result("LayerNormalization", x, scale, nil, attributes: ["axis": .int(-2)])
        let centred = try result("Sub", x, result("ReduceMean", x, list(1, 2)))
        let variance = try result("ReduceMean", result("Mul", centred, centred), list(1, 2))
        let deviation = try result("Sqrt", result("Add", variance, real([], [Double(Float(1e-5))])))
        let expected = try result("Mul", result("Div", centred, deviation), scale)
        #expect(try largestDifference(y, expected) < doubleTolerance)
    }

    @Test func `LayerNormalization refuses what doesn't fit`() throws {
        let x = try noise([3, 5], seed: 5)
        #expect(
            try refusal("LayerNormalization", x, noise([4], seed: 1)) == .notBroadcastable([4], [3, 5]))
        #expect(
            try refusal("LayerNormalization", x, noise([2, 3, 5], seed: 1))
                == .wrongShape(input: 1, found: [2, 3, 5], expected: "one that broadcasts to [3, 5]"))
        #expect(
            try refusal("LayerNormalization", x, noise([5], seed: 1), attributes: ["stash_type": .int(16)])
                == .unsupportedAttributeValue("stash_type", value: "16", expected: "1"))
    }

    @Test func `LogSoftmax is the logarithm of Softmax`() throws {
        let x = try noise([2, 3, 4], seed: 6)
        for (attributes, opset) in [([:], 11), (["axis": .int(2)], 12), ([:], 13), (["axis": .int(-2)], 18)]
            as [([String: Attribute], Int)]
        {
            let expected = try result("Log", result("Softmax", x, attributes: attributes, opset: opset))
            let found = try result("LogSoftmax", x, attributes: attributes, opset: opset)
            #expect(try largestDifference(found, expected) < doubleTolerance)
        }
        #expect(try result("LogSoftmax", real([2], [-1e300, 0])) == real([2], [-1e300, 0]))
    }

    @Test(arguments: [("SimplifiedLayerNormalization", 11), ("RMSNormalization", 23)])
    func `normalizations by the root of the mean square`(operation: String, opset: Int) throws {
        let x = try real([2, 2], [3, 4, -1, 1])
        let scale = try real([2], [1, 10])
        let y = try result(operation, x, scale, attributes: ["epsilon": .float(0.25)], opset: opset)
        let (first, second) = (12.75.squareRoot(), 1.25.squareRoot())
        #expect(
            try largestDifference(y, real([2, 2], [3 / first, 40 / first, -1 / second, 10 / second])) < doubleTolerance)

        let all = try result(
            operation, x, real([], [2]), attributes: ["axis": .int(0), "stash_type": .int(1), "epsilon": .float(0.25)],
            opset: opset)
        let root = 7.0.squareRoot()
        #expect(
            try largestDifference(all, real([2, 2], [6 / root, 8 / root, -2 / root, 2 / root])) < doubleTolerance)
        #expect(
            refusal(operation, x, scale, attributes: ["axis": .int(2)], opset: opset) == .axisOutOfRange(2, rank: 2))
        #expect(
            refusal(operation, x, scale, attributes: ["stash_type": .int(10)], opset: opset)
                == .unsupportedAttributeValue("stash_type", value: "10", expected: "1"))
    }

    @Test
    func `SimplifiedLayerNormalization gives the inverse root too, and LayerNormalization is in any operator set`()
        throws
    {
        let x = try real([1, 2], [3, 5])
        let both = try evaluate(
            "SimplifiedLayerNormalization", [x, real([2], [1, 1])], ["epsilon": .float(8)], opset: 14, outputs: 2)
        #expect(try both[1] == real([1, 1], [0.2]))
        let norm = try result(
            "LayerNormalization", x, real([2], [1, 1]), attributes: ["epsilon": .float(3)], opset: 11)
        #expect(try norm == real([1, 2], [-0.5, 0.5]))
    }
}
