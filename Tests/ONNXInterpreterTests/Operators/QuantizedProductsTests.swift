import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct QuantizedProductsTests {
    @Test func `MatMulInteger subtracts zero points, of all or of rows and columns`() throws {
        let a = try integer([2, 2], [1, 2, 3, 4], .uint8)
        let b = try integer([2, 2], [1, -1, 2, 0], .int8)
        let plain = try result("MatMulInteger", a, b)
        #expect(try plain == integer([2, 2], [5, -1, 11, -3]))
        #expect(plain.integerType == .int32)
        let both = try result("MatMulInteger", a, b, integer([], [1], .uint8), integer([1], [-1], .int8))
        #expect(try both == integer([2, 2], [3, 1, 13, 3]))
        let lists = try result("MatMulInteger", a, b, integer([2], [1, 3], .uint8), integer([2], [1, -1], .int8))
        #expect(try lists == integer([2, 2], [1, 1, 1, 1]))
        let batches = try result(
            "MatMulInteger", integer([2, 1, 1], [5, 6], .uint8), integer([1, 1], [2], .int8),
            integer([2, 1, 1], [1, 2], .uint8))
        #expect(try batches == integer([2, 1, 1], [8, 8]))
    }

    @Test func `MatMulInteger takes 8 bits`() throws {
        let one = try integer([1, 1], [1], .int8)
        #expect(
            try refusal("MatMulInteger", integer([1, 1], [256]), one)
                == .invalidValue("an element of input 0", value: "256", expected: "a number of 8 bits"))
        #expect(
            try refusal("MatMulInteger", one, one, integer([], [.min]))
                == .invalidValue("an element of input 2", value: "\(Int.min)", expected: "a number of 8 bits"))
        #expect(
            try refusal("MatMulInteger", one, real([1, 1], [1]))
                == .wrongKind(input: 1, found: .real, expected: "integers"))
        #expect(
            try refusal("MatMulInteger", one, one, nil, real([], [1]))
                == .wrongKind(input: 3, found: .real, expected: "integers"))
        #expect(throws: InterpreterError.self) {
            try result("MatMulInteger", one, one, integer([3], [1, 2, 3], .int8))
        }
        // Sums are of 32 bits.
        let count = 1 << 16
        let large = try integer([1, count], Array(repeating: 255, count: count), .uint8)
        #expect(
            try refusal("MatMulInteger", large, result("Transpose", large))
                == .notRepresentable("4261478400.0", as: "int32"))
    }

    @Test func `ConvInteger is Conv after subtracting, with zeros for padding`() throws {
        let attributes: [String: Attribute] = [
            "group": .int(2), "pads": .ints([1, 2]), "strides": .ints([2]), "dilations": .ints([2]),
            "kernel_shape": .ints([3]), "auto_pad": .string("NOTSET"),
        ]
        let (x, w) = (try bytes([1, 4, 20], .uint8, seed: 1), try bytes([6, 2, 3], .int8, seed: 2))
        let (xZero, wZeros) = (try integer([], [131], .uint8), try integer([6], [0, 1, -2, 3, -4, 5], .int8))
        let centredWeight = try result(
            "Sub", w, result("Reshape", wZeros, list(6, 1, 1)))
        let expected = try result(
            "Conv", floating(result("Sub", x, xZero)), floating(centredWeight), attributes: attributes)
        let found = try result("ConvInteger", x, w, xZero, wZeros, attributes: attributes)
        #expect(try floating(found) == expected)
        #expect(found.integerType == .int32)
        #expect(
            try floating(result("ConvInteger", x, w, attributes: attributes))
                == result("Conv", floating(x), floating(w), attributes: attributes))
    }

    @Test func `QLinearMatMul quantises the product of what it dequantises`() throws {
        let (a, b) = (try bytes([2, 3, 4], .uint8, seed: 3), try bytes([4, 5], .int8, seed: 4))
        let (aScale, aZero) = (try real([], [0.02]), try integer([], [120], .uint8))
        let (bScale, bZero) = (
            try real([5], [0.01, 0.02, 0.03, 0.04, 0.05]), try integer([5], [0, 1, 2, 3, -4], .int8)
        )
        let (scale, zero) = (try real([], [0.31]), try integer([], [7], .int8))
        let product = try result(
            "MatMul", result("DequantizeLinear", a, aScale, aZero), result("DequantizeLinear", b, bScale, bZero))
        let expected = try result("QuantizeLinear", product, scale, zero)
        let inputs = [a, aScale, aZero, b, bScale, bZero, scale, zero]
        #expect(try evaluate("QLinearMatMul", inputs) == [expected])
        #expect(expected.integerType == .int8)
    }

    @Test func `QLinearConv takes a bias of the product's scale`() throws {
        let (x, w) = (try bytes([1, 2, 9], .uint8, seed: 5), try bytes([3, 2, 3], .int8, seed: 6))
        let (xScale, xZero) = (try real([], [0.5]), try integer([], [120], .uint8))
        let (wScale, wZero) = (try real([3], [0.25, 0.5, 2]), try integer([3], [0, 0, 0], .int8))
        let (scale, zero) = (try real([], [64]), try integer([], [128], .uint8))
        let bias = try integer([3], [100, -50, 20], .int32)
        let product = try result(
            "Conv", result("DequantizeLinear", x, xScale, xZero),
            result("DequantizeLinear", w, wScale, wZero, attributes: ["axis": .int(0)]), real([3], [12.5, -12.5, 20]))
        let expected = try result("QuantizeLinear", product, scale, zero)
        #expect(
            try evaluate("QLinearConv", [x, xScale, xZero, w, wScale, wZero, scale, zero, bias]) == [expected])
        #expect(
            throws: InterpreterError(
                .wrongShape(input: 8, found: [2], expected: "[3]"), node: "QLinearConv 'tested'")
        ) {
            try evaluate("QLinearConv", [x, xScale, xZero, w, wScale, wZero, scale, zero, list(1, 2)])
        }
    }

    @Test func `MatMulIntegerToFloat equals MatMulInteger and what follows it`() throws {
        let (a, b) = (try bytes([2, 3, 4], .uint8, seed: 7), try bytes([4, 5], .int8, seed: 8))
        let (aScale, bScale) = (try real([], [0.5]), try real([5], [1, 2, 4, 8, 0.25]))
        let (aZero, bZero) = (try integer([], [9], .uint8), try integer([5], [1, 2, 3, 4, 5], .int8))
        let bias = try noise([5], seed: 9)
        let scaled = try result(
            "Mul", floating(result("MatMulInteger", a, b, aZero, bZero)), result("Mul", aScale, bScale))
        let found = try result("MatMulIntegerToFloat", a, b, aScale, bScale, aZero, bZero, bias, domain: runtime)
        #expect(try largestDifference(found, result("Add", scaled, bias)) < 1e-10)
        let plain = try result("MatMulIntegerToFloat", a, b, aScale, bScale, domain: runtime)
        #expect(
            try largestDifference(
                plain, result("Mul", floating(result("MatMulInteger", a, b)), result("Mul", aScale, bScale))) < 1e-10)
    }

    @Test func `DynamicQuantizeMatMul equals DynamicQuantizeLinear and MatMulIntegerToFloat`() throws {
        let (a, b) = (try noise([2, 3, 4], seed: 10), try bytes([4, 5], .int8, seed: 11))
        let (scale, zero, bias) = (try real([], [0.5]), try integer([], [3], .int8), try noise([5], seed: 12))
        let q = try evaluate("DynamicQuantizeLinear", [a], outputs: 3)
        let expected = try result("MatMulIntegerToFloat", q[0], b, q[1], scale, q[2], zero, bias, domain: runtime)
        let found = try result("DynamicQuantizeMatMul", a, b, scale, zero, bias, domain: runtime)
        #expect(try largestDifference(found, expected) < 1e-11)
        let plain = try result("DynamicQuantizeMatMul", a, b, scale, domain: runtime)
        #expect(
            try largestDifference(
                plain, result("MatMulIntegerToFloat", q[0], b, q[1], scale, q[2], domain: runtime)) < 1e-11)
    }

    @Test func `without rounding, products are those of exact activations`() throws {
        let (x, w) = (try noise([3, 16], seed: 13), try bytes([16, 5], .int8, seed: 14))
        let (scale, zero) = (try real([], [0.03]), try integer([], [-2], .int8))
        let expected = try result("MatMul", x, result("DequantizeLinear", w, scale, zero))

        let q = try evaluate("DynamicQuantizeLinear", [x], outputs: 3, rounding: false)
        let sums = try result("MatMulInteger", q[0], w, q[2], zero, rounding: false)
        let product = try result("Mul", result("Cast", sums, attributes: ["to": .int(1)]), result("Mul", q[1], scale))
        #expect(try largestDifference(product, expected) < 1e-12)
        let fused = try result("DynamicQuantizeMatMul", x, w, scale, zero, domain: runtime, rounding: false)
        #expect(try largestDifference(fused, expected) < 1e-12)

        let (xScale, xZero) = (try real([], [0.01]), try integer([], [128], .uint8))
        let given = try result("QuantizeLinear", x, xScale, xZero, rounding: false)
        let quantized = try evaluate(
            "QLinearMatMul", [given, xScale, xZero, w, scale, zero, real([], [0.5]), integer([], [1], .uint8)],
            rounding: false)
        let back = try result(
            "DequantizeLinear", quantized[0], real([], [0.5]), integer([], [1], .uint8), rounding: false)
        #expect(try largestDifference(back, expected) < 1e-11)

        let (signal, kernel) = (try noise([1, 2, 9], seed: 15), try bytes([3, 2, 3], .int8, seed: 16))
        let s = try evaluate("DynamicQuantizeLinear", [signal], outputs: 3, rounding: false)
        let conv = try result("Mul", result("ConvInteger", s[0], kernel, s[2], rounding: false), s[1])
        #expect(try largestDifference(conv, result("Conv", signal, floating(kernel))) < 1e-11)
    }
}

/// Integers as real numbers.
private func floating(_ tensor: InterpreterTensor) throws -> InterpreterTensor {
    try result("Cast", tensor, attributes: ["to": .int(1)])
}
