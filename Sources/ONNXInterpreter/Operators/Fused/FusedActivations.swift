import Foundation

/// ONNX Runtime's functions of real elements, and the functions that it lets other operators end with.
extension Operators {
    static let fusedActivations = [
        Operator(runtime: "Gelu") { try map($0, gelu) },
        Operator(runtime: "BiasGelu", inputs: 2...2) { try biased($0, gelu) },
        // Its definition is the approximation by tanh.
        Operator(runtime: "FastGelu", inputs: 1...2) { try biased($0, approximateGelu) },
        Operator(runtime: "QuickGelu", attributes: ["alpha"]) { call in
            let alpha = try call.float("alpha") ?? Double(Float(1.702))
            return try map(call) { $0 * sigmoid(alpha * $0) }
        },
        Operator(
            runtime: "BiasSoftmax", inputs: 2...2, attributes: ["axis", "is_inner_broadcast"], evaluate: biasedSoftmax),
    ]

    /// A function of the first input plus the second, a bias along the last axis, where it is given.
    private static func biased(_ call: Call, _ function: (Double) -> Double) throws -> InterpreterTensor {
        guard call.optionalInput(1) != nil else { return try map(call, function) }
        let shape = try call.input(0).shape
        let bias = try call.input(1).shape
        try require(
            bias.count == 1 && bias.last == shape.last,
            .wrongShape(input: 1, found: bias, expected: "the size of the last axis of \(shape)"))
        let biases = try affineParameter(1, of: call, normalizing: shape)
        return try InterpreterTensor(shape: shape, real: zip(call.reals(0), biases).map { function($0 + $1) })
    }

    /// BiasSoftmax: Softmax of the sum of both inputs over the axes from `axis` on. The second broadcasts to the first,
    /// by which axes its own shape says; `is_inner_broadcast` says it again.
    private static func biasedSoftmax(_ call: Call) throws -> InterpreterTensor {
        let shape = try call.input(0).shape
        let axis = try Shapes.resolve(axis: call.int("axis") ?? 1, rank: shape.count)
        _ = try call.flag("is_inner_broadcast", default: false)
        try call.checkedCount(of: shape)
        let biases = try affineParameter(1, of: call, normalizing: shape)
        let sums = zip(try call.reals(0), biases).map { $0 + $1 }
        return try InterpreterTensor(
            shape: shape, real: Groups(of: shape, along: Set(axis..<shape.count)).map(sums, softmax))
    }

    /// A tensor after the function that the attribute `activation` names, if it is given.
    static func activated(_ tensor: InterpreterTensor, _ call: Call, parameters: [Double?]) throws -> InterpreterTensor
    {
        guard let name = try call.string("activation"), !name.isEmpty, let values = tensor.reals else { return tensor }
        func parameter(_ index: Int, _ standard: Double) -> Double {
            parameters.indices.contains(index) ? parameters[index] ?? standard : standard
        }
        let function: (Double) -> Double
        switch name {
        case "Relu": function = { $0 < 0 ? 0 : $0 }
        case "Tanh": function = { tanh($0) }
        case "Sigmoid": function = sigmoid
        case "LeakyRelu":
            let slope = parameter(0, Double(Float(0.01)))
            function = { $0 < 0 ? slope * $0 : $0 }
        case "HardSigmoid":
            let (slope, offset) = (parameter(0, Double(Float(0.2))), parameter(1, 0.5))
            function = { smaller(larger(slope * $0 + offset, 0), 1) }
        case "Clip":
            let (least, most) = (parameter(0, -.infinity), parameter(1, .infinity))
            function = { smaller(larger($0, least), most) }
        default:
            throw InterpreterError(
                .unsupportedAttributeValue(
                    "activation", value: "'\(name)'",
                    expected: "'Relu', 'Tanh', 'Sigmoid', 'LeakyRelu', 'HardSigmoid' or 'Clip'"))
        }
        return try InterpreterTensor(shape: tensor.shape, real: values.map(function))
    }
}
