import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct AttentionTests {
    /// Attention of [batch, heads, length, size] by other operators.
    static func reference(
        _ q: InterpreterTensor, _ k: InterpreterTensor, _ v: InterpreterTensor, scale: Double,
        addend: InterpreterTensor? = nil
    ) throws -> InterpreterTensor {
        let keys = try result("Transpose", k, attributes: ["perm": .ints([0, 1, 3, 2])])
        var scores = try result("Mul", result("MatMul", q, keys), real([], [scale]))
        if let addend { scores = try result("Add", scores, addend) }
        return try result("MatMul", result("Softmax", scores), v)
    }

    /// [batch, heads, length, size] as [batch, length, heads · size].
    static func packed(_ x: InterpreterTensor) throws -> InterpreterTensor {
        let turned = try result("Transpose", x, attributes: ["perm": .ints([0, 2, 1, 3])])
        return try result("Reshape", turned, list(0, 0, -1))
    }

    private func inputs(keyHeads: Int = 4) throws -> (InterpreterTensor, InterpreterTensor, InterpreterTensor) {
        (
            try noise([2, 4, 5, 9], seed: 1), try noise([2, keyHeads, 6, 9], seed: 2),
            try noise([2, keyHeads, 6, 7], seed: 3)
        )
    }

    private func attention(
        _ inputs: InterpreterTensor?..., attributes: [String: Attribute] = [:], opset: Int = 23
    ) throws -> InterpreterTensor {
        try evaluate("Attention", inputs, attributes, opset: opset)[0]
    }

    @Test(arguments: [23, 24, 25])
    func `attention equals its primitive operators`(opset: Int) throws {
        let (q, k, v) = try inputs()
        let expected = try Self.reference(q, k, v, scale: 1.0 / 3)
        #expect(try largestDifference(attention(q, k, v, opset: opset), expected) < doubleTolerance)
        let scaled = try attention(q, k, v, attributes: ["scale": .float(0.5), "softcap": .float(0)], opset: opset)
        #expect(try largestDifference(scaled, Self.reference(q, k, v, scale: 0.5)) < doubleTolerance)
    }

    @Test func `heads side by side in three axes`() throws {
        let (q, k, v) = try inputs()
        let found = try attention(
            Self.packed(q), Self.packed(k), Self.packed(v),
            attributes: [
                "q_num_heads": .int(4), "kv_num_heads": .int(4), "is_causal": .int(0), "softmax_precision": .int(1),
                "qk_matmul_output_mode": .int(0),
            ])
        let expected = try Self.packed(Self.reference(q, k, v, scale: 1.0 / 3))
        #expect(try largestDifference(found, expected) < doubleTolerance)
        #expect(throws: InterpreterError(.missingAttribute("q_num_heads"), node: "Attention 'tested'")) {
            try attention(Self.packed(q), k, v)
        }
        #expect(throws: InterpreterError.self) {
            try attention(Self.packed(q), k, v, attributes: ["q_num_heads": .int(5)])
        }
        #expect(throws: InterpreterError.self) {
            try attention(Self.packed(q), k, v, attributes: ["q_num_heads": .int(0)])
        }
    }

    @Test func `each head of keys serves several of queries in turn`() throws {
        let (q, k, v) = try inputs(keyHeads: 2)
        let heads = try list(0, 0, 1, 1)
        let along: [String: Attribute] = ["axis": .int(1)]
        let expected = try Self.reference(
            q, result("Gather", k, heads, attributes: along), result("Gather", v, heads, attributes: along),
            scale: 1.0 / 3)
        #expect(try largestDifference(attention(q, k, v), expected) < doubleTolerance)
    }

    @Test func `masks of numbers and of booleans broadcast`() throws {
        let (q, k, v) = try inputs()
        for shape in [[5, 6], [2, 1, 5, 6], [4, 5, 1]] {
            let mask = try noise(shape, seed: 4)
            let expected = try Self.reference(q, k, v, scale: 1.0 / 3, addend: mask)
            #expect(try largestDifference(attention(q, k, v, mask), expected) < doubleTolerance)
        }
        let kept = try boolean([1, 6], [true, true, false, true, false, true])
        let addend = try result("Where", kept, real([], [0]), real([], [-.infinity]))
        let expected = try Self.reference(q, k, v, scale: 1.0 / 3, addend: addend)
        #expect(try largestDifference(attention(q, k, v, kept), expected) < doubleTolerance)
        #expect(
            throws: InterpreterError(
                .invalidValue("the mask's shape", value: "[1, 2, 4, 5, 6]", expected: "one for [2, 4, 5, 6]"),
                node: "Attention 'tested'")
        ) { try attention(q, k, v, noise([1, 2, 4, 5, 6], seed: 1)) }
    }

    @Test func `no keys, no queries`() throws {
        let empty = try attention(real([1, 1, 0, 2], []), noise([1, 1, 3, 2], seed: 1), noise([1, 1, 3, 2], seed: 2))
        #expect(try empty == real([1, 1, 0, 2], []))
        let nothing = try attention(noise([1, 1, 3, 2], seed: 1), real([1, 1, 0, 2], []), real([1, 1, 0, 2], []))
        #expect(try nothing == real([1, 1, 3, 2], Array(repeating: 0, count: 6)))
    }

    @Test func `what is not supported and what doesn't fit`() throws {
        let (q, k, v) = try inputs()
        func reason(_ inputs: [InterpreterTensor?], _ attributes: [String: Attribute] = [:]) -> InterpreterError.Reason?
        {
            do {
                _ = try evaluate("Attention", inputs, attributes, opset: 25)
                return nil
            } catch { return (error as? InterpreterError)?.reason }
        }
        #expect(reason([q, k, v, nil, k]) == .unsupportedInput(4, what: "past_key"))
        #expect(reason([q, k, v, nil, nil, v]) == .unsupportedInput(5, what: "past_value"))
        #expect(try reason([q, k, v, nil, nil, nil, list(1)]) == .unsupportedInput(6, what: "nonpad_kv_seqlen"))
        for (name, value) in [("is_causal", 0), ("qk_matmul_output_mode", 0), ("left_window_size", -1)] {
            #expect(
                reason([q, k, v], [name: .int(1)])
                    == .unsupportedAttributeValue(name, value: "1", expected: "\(value)"))
        }
        #expect(
            reason([q, k, v], ["softcap": .float(2)])
                == .unsupportedAttributeValue("softcap", value: "2.0", expected: "0"))
        #expect(
            try reason([q, noise([2, 3, 6, 9], seed: 1), v])
                == .wrongShape(
                    input: 1, found: [2, 3, 6, 9],
                    expected: "[2, 3, 6, 9], with a number of heads that divides 4"))
        #expect(
            try reason([q, k, noise([2, 4, 5, 7], seed: 1)])
                == .wrongShape(input: 2, found: [2, 4, 5, 7], expected: "[2, 4, 6, 7]"))
        #expect(
            try reason([noise([2, 2], seed: 1), k, v])
                == .wrongShape(input: 0, found: [2, 2], expected: "[batch, length, heads · size]"))
        #expect(refusal("Attention", q, k, v, opset: 22) == .unsupportedOperator("Attention", opset: 22))
        let tall = try real([1, 1, 1 << 20, 0], [])
        #expect(
            reason([tall, tall, tall])
                == .tooManyElements(shape: [1 << 20, 1 << 20], limit: Operators.defaultElementLimit))
    }
}
