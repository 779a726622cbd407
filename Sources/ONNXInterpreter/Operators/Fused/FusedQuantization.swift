import ONNXLoader

/// ONNX Runtime's operators on quantised values that quantise their results.
extension Operators {
    static let fusedQuantization = [
        Operator(runtime: "QLinearAdd", inputs: 7...8) { try quantizedCombination($0) { $0 + $1 } },
        Operator(runtime: "QLinearMul", inputs: 7...8) { try quantizedCombination($0) { $0 * $1 } },
        Operator(
            runtime: "QLinearSoftmax", inputs: 5...5, attributes: ["axis", "opset"], evaluate: quantizedSoftmax),
        Operator(runtime: "QGemm", inputs: 6...9, attributes: ["alpha", "transA", "transB"], evaluate: quantizedGemm),
    ]

    /// QLinearAdd and QLinearMul: two dequantised inputs combined, as they broadcast, and quantised. Each of the three
    /// has a scale and a zero point.
    private static func quantizedCombination(
        _ call: Call, _ combine: (Double, Double) -> Double
    ) throws -> InterpreterTensor {
        let (first, second) = try call.broadcast(
            InterpreterTensor(
                shape: call.input(0).shape, real: dequantized(0, zeroPoint: 2, scale: 1, trailing: 0, call)),
            InterpreterTensor(
                shape: call.input(3).shape, real: dequantized(3, zeroPoint: 5, scale: 4, trailing: 0, call)))
        let values = zip(first.reals ?? [], second.reals ?? []).map(combine)
        return try quantizedResult(values, of: first.shape, scale: 6, zeroPoint: 7, call)
    }

    /// QLinearSoftmax: Softmax of the dequantised input, quantised. Before operator set 13, which `opset` names, all axes
    /// from `axis` on are taken as one.
    private static func quantizedSoftmax(_ call: Call) throws -> InterpreterTensor {
        guard let opset = try call.int("opset") else { throw InterpreterError(.missingAttribute("opset")) }
        let shape = try call.input(0).shape
        let axis = try Shapes.resolve(axis: call.int("axis") ?? -1, rank: shape.count)
        let values = try dequantized(0, zeroPoint: 2, scale: 1, trailing: 0, call)
        try call.checkedCount(of: shape)
        let groups = Groups(of: shape, along: opset < 13 ? Set(axis..<shape.count) : [axis])
        return try quantizedResult(groups.map(values, softmax), of: shape, scale: 3, zeroPoint: 4, call)
    }

    /// QGemm: alpha · (A · B + C), where C is quantised with the product of the other two scales and no zero point. The
    /// result is real where it has no scale.
    private static func quantizedGemm(_ call: Call) throws -> InterpreterTensor {
        func matrix(_ index: Int, trailing: Int, transposed flag: String) throws -> Matrix {
            let shape = try call.input(index).shape
            try require(shape.count == 2, .wrongShape(input: index, found: shape, expected: "a matrix"))
            let isTransposed = try call.flag(flag, default: false)
            return Matrix(
                try dequantized(
                    index, zeroPoint: index + 2, scale: index + 1, trailing: isTransposed ? 1 - trailing : trailing,
                    call), rows: shape[0], columns: shape[1], transposed: isTransposed)
        }
        // Lists of scales are for the rows of A and the columns of B.
        let left = try matrix(0, trailing: 1, transposed: "transA")
        let right = try matrix(3, trailing: 0, transposed: "transB")
        try require(
            left.columns == right.rows,
            .invalidValue("the number of rows of B", value: "\(right.rows)", expected: "\(left.columns)"))
        let alpha = try call.float("alpha") ?? 1
        let shape = [left.rows, right.columns]
        var values = [Double](repeating: 0, count: try call.checkedCount(of: shape))
        if let addend = call.optionalInput(6) {
            guard try Shapes.broadcast(addend.shape, shape) == shape else {
                throw InterpreterError(
                    .wrongShape(input: 6, found: addend.shape, expected: "one that broadcasts to \(shape)"))
            }
            let scales = try perElement(4, of: shape, trailing: 0, call)
            let scale = try call.real(1) * alpha
            let addends = try call.broadcast(call.numbers(6), of: addend.shape, to: shape)
            values = zip(addends, scales).map { $0 * $1 * scale }
        }
        addProduct(left, right, scaledBy: alpha, to: &values)
        guard call.optionalInput(7) != nil else { return try InterpreterTensor(shape: shape, real: values) }
        return try quantizedResult(values, of: shape, scale: 7, zeroPoint: 8, call)
    }

    /// Values quantised with one scale and one zero point or, without that, to uint8.
    private static func quantizedResult(
        _ values: [Double], of shape: [Int], scale: Int, zeroPoint: Int, _ call: Call
    ) throws -> InterpreterTensor {
        let hasZeroPoint = call.optionalInput(zeroPoint) != nil
        return try quantized(
            values, of: shape, scale: scale, zeroPoint: hasZeroPoint ? zeroPoint : nil,
            type: hasZeroPoint ? quantizedType(zeroPoint, call) : .uint8, trailing: 0, call)
    }
}
