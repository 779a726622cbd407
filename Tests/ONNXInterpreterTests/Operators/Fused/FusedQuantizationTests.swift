import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct FusedQuantizationTests {
    /// A quantised tensor, its scale and its zero point.
    private func quantized(_ shape: [Int], _ type: ElementType, scale: Double, zeroPoint: Int, seed: UInt64) throws
        -> [InterpreterTensor]
    {
        [try bytes(shape, type, seed: seed), try real([], [scale]), try integer([], [zeroPoint], type)]
    }

    private func dequantized(_ parts: [InterpreterTensor]) throws -> InterpreterTensor {
        try result("DequantizeLinear", parts[0], parts[1], parts[2])
    }

    @Test(arguments: [("QLinearAdd", "Add", 0.7), ("QLinearMul", "Mul", 20)])
    func `QLinearAdd and QLinearMul`(operation: String, plain: String, scale: Double) throws {
        let a = try quantized([3, 4], .int8, scale: 0.3, zeroPoint: 5, seed: 1)
        let b = try quantized([4], .int8, scale: 0.7, zeroPoint: -7, seed: 2)
        let output = [try real([], [scale]), try integer([], [9], .int8)]
        let expected = try result(plain, dequantized(a), dequantized(b))
        let found = try evaluate(operation, a + b + output, domain: runtime)[0]
        #expect(try found == result("QuantizeLinear", expected, output[0], output[1]))
        #expect(found.integerType == .int8)
        // Without zero points they are 0, and the result is uint8.
        let (x, y) = (try integer([2], [200, 10], .uint8), try real([], [2]))
        let small = try evaluate(operation, [x, y, nil, x, y, nil, y], domain: runtime)[0]
        #expect(try small == (operation == "QLinearAdd" ? list(255, 20) : list(255, 200)))
    }

    @Test(arguments: [(11, 1), (13, 1), (11, -1), (13, -1)] as [(Int64, Int64)])
    func `QLinearSoftmax as the operator set has Softmax`(opset: Int64, axis: Int64) throws {
        let x = try quantized([2, 3, 4], .uint8, scale: 0.05, zeroPoint: 100, seed: 3)
        let output = [try real([], [1.0 / 256]), try integer([], [0], .uint8)]
        let softmax = try result(
            "Softmax", dequantized(x), attributes: ["axis": .int(axis)], opset: Int(opset))
        let found = try evaluate(
            "QLinearSoftmax", x + output, ["axis": .int(axis), "opset": .int(opset)], domain: runtime)[0]
        #expect(try found == result("QuantizeLinear", softmax, output[0], output[1]))
        #expect(
            refusal("QLinearSoftmax", x[0], x[1], x[2], output[0], output[1], domain: runtime)
                == .missingAttribute("opset"))
    }

    @Test func `QGemm scales its addend as the product`() throws {
        let a = try quantized([3, 4], .uint8, scale: 0.5, zeroPoint: 100, seed: 4)
        let b: [InterpreterTensor] = [
            try bytes([5, 4], .int8, seed: 5), try real([5], [0.25, 0.5, 1, 2, 4]),
            try integer([5], [0, 1, 2, 3, 4], .int8),
        ]
        let addend = try integer([5], [100, -200, 300, -400, 500], .int32)
        let right = try result("DequantizeLinear", b[0], b[1], b[2], attributes: ["axis": .int(0)])
        let expected = try result(
            "Gemm", dequantized(a), right, real([5], [12.5, -50, 150, -400, 1000]),
            attributes: ["transB": .int(1), "alpha": .float(0.5), "beta": .float(0.5)])
        let attributes: [String: Attribute] = ["transB": .int(1), "alpha": .float(0.5)]
        let found = try evaluate("QGemm", a + b + [addend], attributes, domain: runtime)[0]
        #expect(try largestDifference(found, expected) < 1e-9)

        let output = [try real([], [33]), try integer([], [128], .uint8)]
        let quantised = try evaluate("QGemm", a + b + [addend] + output, attributes, domain: runtime)[0]
        #expect(try quantised == result("QuantizeLinear", expected, output[0], output[1]))

        let plain = try evaluate(
            "QGemm", a + [b[0], real([], [1]), integer([], [0], .int8)], ["transB": .int(1)], domain: runtime)
        let floats = try result("Cast", b[0], attributes: ["to": .int(1)])
        #expect(
            try largestDifference(
                plain[0], result("Gemm", dequantized(a), floats, attributes: ["transB": .int(1)])) < 1e-9)
        #expect(throws: InterpreterError.self) { try evaluate("QGemm", a + b, domain: runtime) }
        #expect(throws: InterpreterError.self) {
            try evaluate("QGemm", a + b + [list(1, 2)], attributes, domain: runtime)
        }
    }
}
