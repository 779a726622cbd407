import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct QuantizationTests {
    private func half() throws -> InterpreterTensor { try real([], [0.5]) }

    @Test func `QuantizeLinear rounds to even, adds the zero point and saturates to its type`() throws {
        let x = try real([8], [0, 0.25, 0.75, -0.25, 1, 1000, -1000, .infinity])
        let signed = try result("QuantizeLinear", x, half(), integer([], [3], .int8), opset: 11)
        #expect(try signed == integer([8], [3, 3, 5, 3, 5, 127, -128, 127]))
        #expect(signed.integerType == .int8)
        for (opset, domain) in [(13, ""), (19, ""), (21, ""), (23, ""), (18, runtime)] {
            let unsigned = try result(
                "QuantizeLinear", x, half(), integer([], [3], .uint8), opset: opset, domain: domain)
            #expect(try unsigned == integer([8], [3, 3, 5, 3, 5, 255, 0, 255]))
        }
        #expect(try result("QuantizeLinear", x, half()) == integer([8], [0, 0, 2, 0, 2, 255, 0, 255]))
        #expect(
            try result("QuantizeLinear", x, half(), integer([], [0], .int16))
                == integer([8], [0, 0, 2, 0, 2, 2000, -2000, 32767]))
    }

    @Test func `one scale for each index along an axis`() throws {
        let x = try real([2, 3], [1, 2, 3, 4, 5, 6])
        let columns = try real([3], [1, 2, 0.5])
        let zeros = try integer([3], [0, 10, 20], .uint8)
        let expected = try integer([2, 3], [1, 11, 26, 4, 12, 32])
        #expect(try result("QuantizeLinear", x, columns, zeros) == expected)
        #expect(try result("QuantizeLinear", x, columns, zeros, attributes: ["axis": .int(-1)]) == expected)
        let back = try result(
            "DequantizeLinear", expected, columns, zeros, attributes: ["axis": .int(1)], domain: runtime)
        #expect(try back == real([2, 3], [1, 2, 3, 4, 4, 6]))
        let rows = try result(
            "QuantizeLinear", x, real([2], [1, 2]), integer([2], [0, 1], .int8), attributes: ["axis": .int(0)])
        #expect(try rows == integer([2, 3], [1, 2, 3, 3, 3, 4]))
        // Without the attribute, the axis is the second of several.
        let block = try result("DequantizeLinear", integer([1, 2, 2], [1, 2, 3, 4], .int8), real([2], [1, 10]))
        #expect(try block == real([1, 2, 2], [1, 2, 30, 40]))
    }

    @Test func `attributes of newer forms`() throws {
        let x = try real([2], [1, -1])
        let code = Int64(ElementType.int16.rawValue)
        let attributes: [String: Attribute] = [
            "output_dtype": .int(code), "block_size": .int(0), "saturate": .int(1), "precision": .int(0),
        ]
        #expect(try result("QuantizeLinear", x, half(), attributes: attributes, opset: 23) == list(2, -2))
        #expect(
            try refusal("QuantizeLinear", x, half(), integer([], [0], .int8), attributes: attributes, opset: 23)
                == .unsupportedAttributeValue("output_dtype", value: "5", expected: "that of the zero point"))
        #expect(
            try refusal("QuantizeLinear", x, half(), attributes: ["block_size": .int(2)], opset: 21)
                == .unsupportedAttributeValue("block_size", value: "2", expected: "0"))
        #expect(
            try refusal("QuantizeLinear", x, half(), attributes: ["axis": .int(0)], opset: 12)
                == .unknownAttribute("axis", known: []))
        let q = try integer([2], [2, -2], .int8)
        #expect(try result("DequantizeLinear", q, half(), attributes: ["output_dtype": .int(10)], opset: 23) == x)
        #expect(
            try refusal("DequantizeLinear", q, half(), attributes: ["output_dtype": .int(7)], opset: 23)
                == .unsupportedAttributeValue("output_dtype", value: "7", expected: "a floating-point type's code"))
    }

    @Test func `DequantizeLinear of wide integers`() throws {
        #expect(
            try result("DequantizeLinear", integer([2], [70000, .min], .int32), half()) == real([2], [35000, -0x1p62]))
        #expect(
            try result("DequantizeLinear", integer([2], [7, 3], .uint8), half(), integer([], [5], .uint8), opset: 11)
                == real([2], [1, -1]))
    }

    @Test func `what can't be quantised`() throws {
        #expect(try refusal("QuantizeLinear", real([1], [.nan]), half()) == .notRepresentable("nan", as: "uint8"))
        #expect(
            try refusal("QuantizeLinear", real([1], [1]), half(), list(0))
                == .invalidValue(
                    "the zero point's type", value: "not known", expected: "an integer type of 8 or 16 bits"))
        #expect(
            try refusal("QuantizeLinear", real([1], [1]), half(), half())
                == .wrongKind(input: 2, found: .real, expected: "integers"))
        #expect(
            try refusal("QuantizeLinear", real([2], [1, 2]), real([2], [1, 2]), integer([], [0], .int8))
                == .wrongShape(input: 2, found: [], expected: "[2], as the scale's"))
        #expect(
            try refusal("QuantizeLinear", real([1, 2], [1, 2]), real([1, 2], [1, 2]))
                == .wrongShape(input: 1, found: [1, 2], expected: "a scalar or a list"))
        #expect(throws: InterpreterError.self) {
            try result("QuantizeLinear", real([1, 2], [1, 2]), real([3], [1, 2, 3]))
        }
        #expect(
            try refusal("DequantizeLinear", real([1], [1]), half())
                == .wrongKind(input: 0, found: .real, expected: "integers"))
    }

    @Test func `DynamicQuantizeLinear takes scale and zero point from the range`() throws {
        func quantized(_ values: [Double]) throws -> [InterpreterTensor] {
            try evaluate("DynamicQuantizeLinear", [real([values.count], values)], outputs: 3)
        }
        // From -1 to 1.55: a step is 0.01.
        let both = try quantized([-1, 0, 1.55])
        #expect(try both[0] == list(0, 100, 255))
        #expect(try largestDifference(both[1], real([], [0.01])) < doubleTolerance)
        #expect(try both[2] == integer([], [100]))
        #expect(both[0].integerType == .uint8 && both[2].integerType == .uint8)
        #expect(try quantized([51, 255]) == [list(51, 255), real([], [1]), integer([], [0])])
        #expect(try quantized([-51, -255]) == [list(204, 0), real([], [1]), integer([], [255])])
        #expect(try quantized([0, 0]) == [list(0, 0), real([], [1]), integer([], [0])])
        #expect(try quantized([]) == [list(), real([], [1]), integer([], [0])])
        #expect(try refusal("DynamicQuantizeLinear", real([1], [1])) == .wrongOutputCount(1, expected: 3...3))
        #expect(throws: InterpreterError.self) { try quantized([.nan]) }
        #expect(throws: InterpreterError.self) { try quantized([.infinity]) }
    }

    @Test func `without rounding, quantised values are real`() throws {
        let x = try real([3], [0.1, 1000, -1000])
        let zero = try integer([], [3], .uint8)
        let q = try result("QuantizeLinear", x, half(), zero, rounding: false)
        #expect(try q == real([3], [3.2, 2003, -1997]))
        #expect(try largestDifference(result("DequantizeLinear", q, half(), zero, rounding: false), x) < 1e-12)
        let dynamic = try evaluate(
            "DynamicQuantizeLinear", [real([3], [-1, 0.001, 1.55])], outputs: 3, rounding: false)
        #expect(try largestDifference(dynamic[0], real([3], [0, 100.1, 255])) < 1e-12)
        #expect(try dynamic[2] == integer([], [100]))
        #expect(try result("Cast", q, attributes: ["to": .int(1)], rounding: false) == q)
    }
}
