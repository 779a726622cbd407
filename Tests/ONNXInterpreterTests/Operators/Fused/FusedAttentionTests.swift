import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct FusedAttentionTests {
    /// Attention of [batch, length, heads · size] by the standard's operator.
    private func reference(
        _ q: InterpreterTensor, _ k: InterpreterTensor, _ v: InterpreterTensor, _ mask: InterpreterTensor? = nil,
        scale: Float? = nil
    ) throws -> InterpreterTensor {
        var attributes: [String: Attribute] = ["q_num_heads": .int(2), "kv_num_heads": .int(2)]
        if let scale { attributes["scale"] = .float(scale) }
        return try result("Attention", q, k, v, mask, attributes: attributes, opset: 23)
    }

    private let heads: [String: Attribute] = ["num_heads": .int(2)]

    private func slice(_ x: InterpreterTensor, _ range: Range<Int>) throws -> InterpreterTensor {
        try result("Slice", x, list(range.lowerBound), list(range.upperBound), list(-1))
    }

    @Test func `MultiHeadAttention with bias, scale and addend`() throws {
        let (q, k, v) = (try noise([2, 5, 8], seed: 1), try noise([2, 6, 8], seed: 2), try noise([2, 6, 4], seed: 3))
        let bias = try noise([20], seed: 4)
        let addend = try noise([1, 2, 5, 6], seed: 5)
        let plain = try result("MultiHeadAttention", q, k, v, attributes: heads, domain: runtime)
        #expect(try largestDifference(plain, reference(q, k, v)) < doubleTolerance)
        let found = try result(
            "MultiHeadAttention", q, k, v, bias, nil, addend,
            attributes: ["num_heads": .int(2), "scale": .float(0.25), "unidirectional": .int(0)], domain: runtime)
        let expected = try reference(
            result("Add", q, slice(bias, 0..<8)), result("Add", k, slice(bias, 8..<16)),
            result("Add", v, slice(bias, 16..<20)), addend, scale: 0.25)
        #expect(try largestDifference(found, expected) < doubleTolerance)
    }

    @Test func `MultiHeadAttention with keys and values of four axes`() throws {
        let q = try noise([2, 5, 8], seed: 6)
        let (k, v) = (try noise([2, 2, 6, 4], seed: 7), try noise([2, 2, 6, 3], seed: 8))
        let found = try result("MultiHeadAttention", q, k, v, attributes: heads, domain: runtime)
        let expected = try reference(q, AttentionTests.packed(k), AttentionTests.packed(v))
        #expect(try largestDifference(found, expected) < doubleTolerance)
    }

    @Test func `Attention projects its input`() throws {
        let (x, bias) = (try noise([2, 5, 6], seed: 9), try noise([20], seed: 10))
        let weight = try noise([6, 20], seed: 11)
        let projected = try result("Add", result("MatMul", x, weight), bias)
        let (q, k) = (try slice(projected, 0..<8), try slice(projected, 8..<16))
        let sizes: [String: Attribute] = ["num_heads": .int(2), "qkv_hidden_sizes": .ints([8, 8, 4])]
        let found = try result("Attention", x, weight, bias, attributes: sizes, domain: runtime)
        #expect(try largestDifference(found, reference(q, k, slice(projected, 16..<20))) < doubleTolerance)

        // Three of one size, with an addend and no bias.
        let square = try slice(weight, 0..<18)
        let plain = try result("MatMul", x, square)
        let addend = try noise([2, 2, 5, 5], seed: 12)
        let masked = try result(
            "Attention", x, square, nil, nil, nil, addend,
            attributes: ["num_heads": .int(2), "scale": .float(0), "mask_filter_value": .float(-10000)], domain: runtime
        )
        let expected = try reference(slice(plain, 0..<6), slice(plain, 6..<12), slice(plain, 12..<18), addend)
        #expect(try largestDifference(masked, expected) < doubleTolerance)
    }

    @Test func `what is not supported and what doesn't fit`() throws {
        let x = try noise([1, 2, 4], seed: 1)
        func reason(
            _ operation: String, _ inputs: InterpreterTensor?...,
            attributes: [String: Attribute] = ["num_heads": .int(2)]
        ) -> InterpreterError.Reason? {
            do {
                _ = try evaluate(operation, inputs, attributes, domain: runtime)
                return nil
            } catch { return (error as? InterpreterError)?.reason }
        }
        #expect(reason("MultiHeadAttention", x, x, x, nil, x) == .unsupportedInput(4, what: "key_padding_mask"))
        #expect(reason("MultiHeadAttention", x, x, x, nil, nil, nil, x) == .unsupportedInput(6, what: "past_key"))
        #expect(reason("MultiHeadAttention", x, nil, nil) == .missingInput(1))
        #expect(reason("MultiHeadAttention", x, x, x, attributes: [:]) == .missingAttribute("num_heads"))
        #expect(
            reason("MultiHeadAttention", x, x, x, attributes: ["num_heads": .int(3)])
                == .unsupportedAttributeValue("num_heads", value: "3", expected: "a divisor of 4 columns"))
        #expect(
            try reason("MultiHeadAttention", x, x, x, noise([11], seed: 1))
                == .wrongShape(
                    input: 3, found: [11], expected: "one for each column of inputs 0 to 2: [4, 4, 4]"))
        let weight = try noise([4, 12], seed: 2)
        #expect(reason("Attention", x, weight, nil, x) == .unsupportedInput(3, what: "mask_index"))
        #expect(
            reason("Attention", x, weight, attributes: ["num_heads": .int(2), "unidirectional": .int(1)])
                == .unsupportedAttributeValue("unidirectional", value: "1", expected: "0"))
        #expect(
            reason("Attention", x, weight, attributes: ["num_heads": .int(2), "do_rotary": .int(1)])
                == .unsupportedAttributeValue("do_rotary", value: "1", expected: "0"))
        for sizes in [[4, 4, 3], [.max, .max, .max], [12, 0, 0], [4, 8]] as [[Int64]] {
            let attributes: [String: Attribute] = ["num_heads": .int(2), "qkv_hidden_sizes": .ints(sizes)]
            #expect(
                reason("Attention", x, weight, attributes: attributes)
                    == .wrongShape(
                        input: 1, found: [4, 12], expected: "columns of queries, keys and values: \(sizes)"))
        }
    }
}
