import ONNXLoader

/// Matrix products and convolutions of quantised values.
extension Operators {
    static let quantizedProducts = [
        Operator("MatMulInteger", since: 10, inputs: 2...4) { call in
            try requireBytes(call)
            return try accumulated(
                matrixProduct(
                    dequantized(0, zeroPoint: 2, trailing: 1, call), of: call.input(0).shape,
                    dequantized(1, zeroPoint: 3, trailing: 0, call), of: call.input(1).shape, call), call)
        },
        Operator("ConvInteger", since: 10, inputs: 2...4, attributes: convolutionAttributes) { call in
            try requireBytes(call)
            return try accumulated(
                convolution(
                    ConvolutionPlan(call), of: dequantized(0, zeroPoint: 2, trailing: 2, call),
                    dequantized(1, zeroPoint: 3, trailing: 2, call), bias: nil, call), call)
        },
        Operator("QLinearMatMul", since: 10, inputs: 8...8, evaluate: quantizedMatrixProduct),
        Operator(
            "QLinearConv", since: 10, inputs: 8...9, attributes: convolutionAttributes, evaluate: quantizedConvolution),
        Operator(runtime: "DynamicQuantizeMatMul", inputs: 3...5, evaluate: dynamicMatrixProduct),
        Operator(runtime: "MatMulIntegerToFloat", inputs: 4...7, evaluate: matrixProductToReal),
    ]

    /// MatMulInteger and ConvInteger take numbers of 8 bits, so that their sums of products are exact in Double.
    private static func requireBytes(_ call: Call) throws {
        for index in call.inputs.indices {
            guard let values = call.optionalInput(index)?.integers else { continue }
            if let value = values.first(where: { $0 < Int(Int8.min) || $0 > Int(UInt8.max) }) {
                throw InterpreterError(
                    .invalidValue("an element of input \(index)", value: "\(value)", expected: "a number of 8 bits"))
            }
        }
    }

    /// What MatMulInteger and ConvInteger give: integers, except of real numbers.
    private static func accumulated(_ sums: InterpreterTensor, _ call: Call) throws -> InterpreterTensor {
        guard try call.input(0).kind == .integer, try call.input(1).kind == .integer, let values = sums.reals else {
            return sums
        }
        let bounds = ElementType.int32.integerBounds
        let integers = try values.map { value in
            guard let integer = Int(exactly: value), bounds.contains(integer) else {
                throw InterpreterError(.notRepresentable("\(value)", as: "\(ElementType.int32)"))
            }
            return integer
        }
        return try InterpreterTensor(shape: sums.shape, integer: integers, type: .int32)
    }

    /// QLinearMatMul: the product of two dequantised inputs, quantised. Lists of scales and zero points are for the left
    /// matrix's and the result's rows, and for the right matrix's columns.
    private static func quantizedMatrixProduct(_ call: Call) throws -> InterpreterTensor {
        let product = try matrixProduct(
            dequantized(0, zeroPoint: 2, scale: 1, trailing: 1, call), of: call.input(0).shape,
            dequantized(3, zeroPoint: 5, scale: 4, trailing: 0, call), of: call.input(3).shape, call)
        return try quantized(
            product.reals ?? [], of: product.shape, scale: 6, zeroPoint: 7, type: quantizedType(7, call), trailing: 1,
            call)
    }

    /// QLinearConv: the convolution of dequantised inputs, quantised. Lists of scales and zero points are for output
    /// channels. The bias is quantised with the product of the input's and the weight's scales and no zero point.
    private static func quantizedConvolution(_ call: Call) throws -> InterpreterTensor {
        let plan = try ConvolutionPlan(call, weight: 3, bias: 8)
        var bias: [Double]?
        if call.optionalInput(8) != nil {
            let scales = try perElement(4, of: [plan.outputChannels], trailing: 0, call)
            let scale = try call.real(1)
            bias = zip(try call.numbers(8), scales).map { $0 * $1 * scale }
        }
        let result = try convolution(
            plan, of: dequantized(0, zeroPoint: 2, scale: 1, trailing: 2, call),
            dequantized(3, zeroPoint: 5, scale: 4, trailing: 2, call), bias: bias, call)
        return try quantized(
            result.reals ?? [], of: result.shape, scale: 6, zeroPoint: 7, type: quantizedType(7, call), trailing: 1,
            call)
    }

    /// DynamicQuantizeMatMul: the product of the first input, quantised as by DynamicQuantizeLinear, and the second,
    /// whose scales and zero points are for its columns; plus a bias for each column.
    private static func dynamicMatrixProduct(_ call: Call) throws -> InterpreterTensor {
        let values = try call.reals(0)
        let range = try dynamicRange(of: values)
        let zeroPoint = Double(range.zeroPoint)
        let left =
            call.rounds
            ? try values.map { (Double(try saturated($0 / range.scale, zeroPoint, .uint8)) - zeroPoint) * range.scale }
            : values
        let product = try matrixProduct(
            left, of: call.input(0).shape, dequantized(1, zeroPoint: 3, scale: 2, trailing: 0, call),
            of: call.input(1).shape, call)
        return try adding(bias: 4, to: product, call)
    }

    /// MatMulIntegerToFloat: the product of two dequantised inputs, plus a bias for each column. The first has one scale
    /// and zero point, the second has them for all of it or for its columns.
    private static func matrixProductToReal(_ call: Call) throws -> InterpreterTensor {
        let product = try matrixProduct(
            dequantized(0, zeroPoint: 4, scale: 2, trailing: 0, call), of: call.input(0).shape,
            dequantized(1, zeroPoint: 5, scale: 3, trailing: 0, call), of: call.input(1).shape, call)
        return try adding(bias: 6, to: product, call)
    }

    private static func adding(bias: Int, to product: InterpreterTensor, _ call: Call) throws -> InterpreterTensor {
        guard call.optionalInput(bias) != nil, let values = product.reals else { return product }
        let biases = try affineParameter(bias, of: call, normalizing: product.shape)
        return try InterpreterTensor(shape: product.shape, real: zip(values, biases).map { $0 + $1 })
    }
}
