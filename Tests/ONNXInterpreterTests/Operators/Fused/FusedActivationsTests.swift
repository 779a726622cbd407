import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct FusedActivationsTests {
    private func fused(
        _ operation: String, _ inputs: InterpreterTensor?..., attributes: [String: Attribute] = [:]
    ) throws -> InterpreterTensor {
        try evaluate(operation, inputs, attributes, domain: runtime)[0]
    }

    @Test func `Gelu with and without bias, exact and by tanh`() throws {
        let x = try noise([2, 3], seed: 1)
        let bias = try noise([3], seed: 2)
        let sum = try result("Add", x, bias)
        let byTanh: [String: Attribute] = ["approximate": .string("tanh")]
        #expect(try fused("Gelu", x) == result("Gelu", x, opset: 20))
        #expect(try fused("BiasGelu", x, bias) == result("Gelu", sum, opset: 20))
        #expect(try fused("FastGelu", x) == result("Gelu", x, attributes: byTanh, opset: 20))
        #expect(try fused("FastGelu", x, bias) == result("Gelu", sum, attributes: byTanh, opset: 20))
        #expect(
            try refusal("BiasGelu", x, noise([2], seed: 1), domain: runtime)
                == .wrongShape(input: 1, found: [2], expected: "the size of the last axis of [2, 3]"))
        #expect(
            try refusal("Gelu", x, attributes: byTanh, domain: runtime) == .unknownAttribute("approximate", known: []))
    }

    @Test func `QuickGelu is x times a sigmoid`() throws {
        let x = try noise([2, 3], seed: 3)
        for (attributes, alpha) in [([:], Double(Float(1.702))), (["alpha": .float(0.5)], 0.5)]
            as [([String: Attribute], Double)]
        {
            let expected = try result("Mul", x, result("Sigmoid", result("Mul", x, real([], [alpha]))))
            #expect(try largestDifference(fused("QuickGelu", x, attributes: attributes), expected) < doubleTolerance)
        }
    }

    @Test func `BiasSoftmax is Softmax of a sum over all axes from the given one on`() throws {
        let x = try noise([2, 3, 4], seed: 4)
        for (shape, inner) in [([2, 1, 4], 1), ([3, 4], 0)] as [([Int], Int64)] {
            let bias = try noise(shape, seed: 5)
            let attributes: [String: Attribute] = ["axis": .int(2), "is_inner_broadcast": .int(inner)]
            #expect(
                try fused("BiasSoftmax", x, bias, attributes: attributes) == result("Softmax", result("Add", x, bias)))
        }
        let all = try fused("BiasSoftmax", x, real([], [1]))
        #expect(try largestDifference(all, result("Softmax", x, opset: 11)) < doubleTolerance)
        #expect(
            try refusal("BiasSoftmax", x, noise([2, 2, 3, 4], seed: 1), domain: runtime)
                == .wrongShape(input: 1, found: [2, 2, 3, 4], expected: "one that broadcasts to [2, 3, 4]"))
    }
}
