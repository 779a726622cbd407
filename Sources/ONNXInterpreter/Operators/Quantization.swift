import ONNXLoader

/// Operators between real numbers and quantised ones: x ≈ (quantised − zero point) · scale.
///
/// Where a call doesn't round, quantised values are real: x / scale + zero point.
extension Operators {
    static let quantization = [
        Operator("QuantizeLinear", since: 10, inputs: 2...3, evaluate: quantize),
        Operator("QuantizeLinear", since: 13, inputs: 2...3, attributes: ["axis"], evaluate: quantize),
        // `saturate` concerns only 8-bit floating-point types, which are not supported, and `precision` the type of the
        // division, which is Double here.
        Operator("QuantizeLinear", since: 19, inputs: 2...3, attributes: ["axis", "saturate"], evaluate: quantize),
        Operator(
            "QuantizeLinear", since: 21, inputs: 2...3, attributes: ["axis", "block_size", "output_dtype", "saturate"],
            evaluate: quantize),
        Operator(
            "QuantizeLinear", since: 23, inputs: 2...3,
            attributes: ["axis", "block_size", "output_dtype", "precision", "saturate"], evaluate: quantize),
        Operator(runtime: "QuantizeLinear", inputs: 2...3, attributes: ["axis"], evaluate: quantize),
        Operator("DequantizeLinear", since: 10, inputs: 2...3, evaluate: dequantize),
        Operator("DequantizeLinear", since: 13, inputs: 2...3, attributes: ["axis"], evaluate: dequantize),
        Operator(
            "DequantizeLinear", since: 21, inputs: 2...3, attributes: ["axis", "block_size"], evaluate: dequantize),
        Operator(
            "DequantizeLinear", since: 23, inputs: 2...3, attributes: ["axis", "block_size", "output_dtype"],
            evaluate: dequantize),
        Operator(runtime: "DequantizeLinear", inputs: 2...3, attributes: ["axis"], evaluate: dequantize),
        Operator("DynamicQuantizeLinear", since: 11, inputs: 1...1, outputs: 3...3, evaluate: quantizeDynamically),
    ]

    /// QuantizeLinear: x / scale, rounded to the nearest integer (of two, the even one), plus the zero point, saturated
    /// to the zero point's type. There is one scale and zero point, or one for each index along `axis`.
    private static func quantize(_ call: Call) throws -> InterpreterTensor {
        try requireLists(1, 2, call)
        let input = try call.input(0)
        let code = try call.int("output_dtype") ?? 0
        var type = try call.optionalInput(2).map { _ in try quantizedType(2, call) }
        if code != 0 {
            guard let asked = ElementType(rawValue: code), type == nil || type == asked else {
                throw InterpreterError(
                    .unsupportedAttributeValue("output_dtype", value: "\(code)", expected: "that of the zero point"))
            }
            type = asked
        }
        return try quantized(
            call.numbers(0), of: input.shape, scale: 1, zeroPoint: call.optionalInput(2) == nil ? nil : 2,
            type: type ?? .uint8, trailing: trailingAxes(call), call)
    }

    /// DequantizeLinear: (x − zero point) · scale, with one scale and zero point, or one for each index along `axis`.
    private static func dequantize(_ call: Call) throws -> InterpreterTensor {
        try requireLists(1, 2, call)
        if let code = try call.int("output_dtype"), code != 0, ElementType(rawValue: code)?.isFloatingPoint != true {
            throw InterpreterError(
                .unsupportedAttributeValue("output_dtype", value: "\(code)", expected: "a floating-point type's code"))
        }
        let values = try dequantized(0, zeroPoint: 2, scale: 1, trailing: trailingAxes(call), call)
        return try InterpreterTensor(shape: call.input(0).shape, real: values)
    }

    /// DynamicQuantizeLinear: QuantizeLinear to uint8 with the scale and the zero point that map the range of the
    /// elements and 0 to 0 ... 255. The outputs are the quantised elements, the scale and the zero point.
    private static func quantizeDynamically(_ call: Call) throws -> [InterpreterTensor] {
        let values = try call.reals(0)
        let range = try dynamicRange(of: values)
        let shape = try call.input(0).shape
        let zeroPoint = Double(range.zeroPoint)
        let quantized =
            call.rounds
            ? try InterpreterTensor(
                shape: shape, integer: values.map { try saturated($0 / range.scale, zeroPoint, .uint8) }, type: .uint8)
            : try InterpreterTensor(shape: shape, real: values.map { $0 / range.scale + zeroPoint })
        return [
            quantized, try InterpreterTensor(shape: [], real: [range.scale]),
            try InterpreterTensor(shape: [], integer: [range.zeroPoint], type: .uint8),
        ]
    }

    /// The scale and the zero point of DynamicQuantizeLinear. If every element is 0, the scale is 1, as ONNX Runtime has
    /// it; the standard leaves that open.
    static func dynamicRange(of values: [Double]) throws -> (scale: Double, zeroPoint: Int) {
        let (least, most) = (values.reduce(0, smaller), values.reduce(0, larger))
        let scale = most == least ? 1 : (most - least) / 255
        return (scale, try saturated(-least / scale, 0, .uint8))
    }

    /// Axes after the one that a list of scales is along.
    private static func trailingAxes(_ call: Call) throws -> Int {
        try call.requireAttribute("block_size", is: 0)
        let rank = try call.input(0).rank
        // The default does not exist in a list, whose scale must be a scalar.
        guard let axis = try call.int("axis") else { return max(rank - 2, 0) }
        return rank == 0 ? 0 : rank - 1 - (try Shapes.resolve(axis: axis, rank: rank))
    }

    /// Throws unless inputs, where they are given, are scalars or lists, and the second no longer than the first.
    private static func requireLists(_ scale: Int, _ zeroPoint: Int, _ call: Call) throws {
        let shape = try call.input(scale).shape
        try require(shape.count <= 1, .wrongShape(input: scale, found: shape, expected: "a scalar or a list"))
        guard let other = call.optionalInput(zeroPoint), other.shape != shape else { return }
        try require(
            other.rank <= 1 && other.elementCount == 1 && shape.reduce(1, *) == 1,
            .wrongShape(input: zeroPoint, found: other.shape, expected: "\(shape), as the scale's"))
    }
}
