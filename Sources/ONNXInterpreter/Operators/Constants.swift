import ONNXLoader

/// Operators that make values, or hand them on.
extension Operators {
    static let constants = [
        Operator("Constant", since: 11, inputs: 0...0, attributes: ["value"], evaluate: constant),
        Operator(
            "Constant", since: 12, inputs: 0...0,
            attributes: ["value", "value_float", "value_floats", "value_int", "value_ints"], evaluate: constant),
        Operator("ConstantOfShape", since: 9, inputs: 1...1, attributes: ["value"], evaluate: constantOfShape),
        Operator("Range", since: 11, inputs: 3...3, evaluate: range),
        Operator("Identity", since: 1) { try $0.input(0) },
        Operator("Dropout", since: 10, inputs: 1...1, outputs: 1...2, attributes: ["ratio"], evaluate: dropout),
        Operator("Dropout", since: 12, inputs: 1...3, outputs: 1...2, attributes: ["seed"], evaluate: dropout),
    ]

    /// Constant: the value of the one attribute given.
    private static func constant(_ call: Call) throws -> InterpreterTensor {
        try require(
            call.node.attributes.count <= 1,
            .invalidValue("the number of attributes", value: "\(call.node.attributes.count)", expected: "1"))
        if let value = try call.tensor("value") { return value }
        if let value = try call.float("value_float") { return try InterpreterTensor(shape: [], real: [value]) }
        if let value = try call.int("value_int") { return try InterpreterTensor(shape: [], integer: [value]) }
        if let values = try call.floats("value_floats") {
            return try InterpreterTensor(shape: [values.count], real: values)
        }
        if let values = try call.ints("value_ints") {
            return try InterpreterTensor(shape: [values.count], integer: values)
        }
        throw InterpreterError(.missingAttribute("value"))
    }

    /// ConstantOfShape: the one element of `value`, or 0, in the shape that the input gives.
    private static func constantOfShape(_ call: Call) throws -> InterpreterTensor {
        let shape = try call.integerList(0)
        let value = try call.tensor("value") ?? InterpreterTensor(shape: [1], real: [0])
        try require(
            value.elementCount == 1,
            .unsupportedAttributeValue(
                "value", value: "a tensor of \(value.elementCount) elements", expected: "one element"))
        try call.checkedCount(of: shape)
        let scalar = try value.reshaped(to: [])
        return try call.broadcast(scalar, to: shape)
    }

    /// Range: start, start + delta, start + 2 · delta … up to but without limit.
    private static func range(_ call: Call) throws -> InterpreterTensor {
        for index in 0..<3 {
            let shape = try call.input(index).shape
            guard try call.input(index).elementCount == 1, shape.count <= 1 else {
                throw InterpreterError(.wrongShape(input: index, found: shape, expected: "a scalar"))
            }
        }
        if try call.input(0).kind == .integer {
            return try range(from: call.integers(0)[0], to: call.integers(1)[0], by: call.integers(2)[0], call)
        }
        return try range(from: call.reals(0)[0], to: call.reals(1)[0], by: call.reals(2)[0], call)
    }

    private static func range(from start: Int, to limit: Int, by delta: Int, _ call: Call) throws -> InterpreterTensor {
        try require(delta != 0, .invalidValue("delta", value: "0", expected: "another number"))
        let distance = try whole(limit.subtractingReportingOverflow(start))
        let count = Shapes.stepCount(over: distance, by: delta)
        try call.checkedCount(of: [count])
        return try InterpreterTensor(shape: [count], integer: (0..<count).map { start + $0 * delta })
    }

    private static func range(
        from start: Double, to limit: Double, by delta: Double, _ call: Call
    ) throws -> InterpreterTensor {
        let steps = ((limit - start) / delta).rounded(.up)
        guard let count = Int(exactly: max(steps, 0)) else {
            throw InterpreterError(.invalidValue("the number of elements", value: "\(steps)", expected: "a finite one"))
        }
        try call.checkedCount(of: [count])
        return try InterpreterTensor(shape: [count], real: (0..<count).map { start + Double($0) * delta })
    }

    /// Dropout as inference has it: the input, and a mask that keeps everything. Training mode is refused.
    private static func dropout(_ call: Call) throws -> [InterpreterTensor] {
        let input = try call.input(0)
        if call.optionalInput(2) != nil, try call.booleans(2).contains(true) {
            throw InterpreterError(.invalidValue("training_mode", value: "true", expected: "false"))
        }
        let mask = [Bool](repeating: true, count: input.elementCount)
        return [input, try InterpreterTensor(shape: input.shape, boolean: mask)]
    }
}
