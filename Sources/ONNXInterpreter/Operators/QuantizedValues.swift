import ONNXLoader

/// What the operators on quantised values compute with.
extension Operators {
    /// The type of a zero point, which is that of what is quantised with it.
    static func quantizedType(_ index: Int, _ call: Call) throws -> ElementType {
        let input = try call.input(index)
        try require(
            input.kind == .integer, .wrongKind(input: index, found: input.kind, expected: "integers"))
        guard let type = input.integerType, [.uint8, .int8, .uint16, .int16].contains(type) else {
            let found = input.integerType.map { "\($0)" } ?? "not known"
            throw InterpreterError(
                .invalidValue("the zero point's type", value: found, expected: "an integer type of 8 or 16 bits"))
        }
        return type
    }

    /// Real values divided by their scales and rounded to the nearest integer (of two, the even one), plus the zero
    /// points, saturated to a type; or only divided and added to, where the call doesn't round. `scale` and `zeroPoint`
    /// are inputs as ``perElement(_:of:trailing:_:)`` reads them; without a zero point it is 0.
    static func quantized(
        _ values: [Double], of shape: [Int], scale: Int, zeroPoint: Int?, type: ElementType, trailing: Int, _ call: Call
    ) throws -> InterpreterTensor {
        let scales = try perElement(scale, of: shape, trailing: trailing, call)
        let zeroPoints = try zeroPoint.map { try perElement($0, of: shape, trailing: trailing, call) }
        guard call.rounds else {
            let quotients = zip(values, scales).map { $0 / $1 }
            return try InterpreterTensor(
                shape: shape, real: zeroPoints.map { zip(quotients, $0).map { $0 + $1 } } ?? quotients)
        }
        let result = try values.indices.map { try saturated(values[$0] / scales[$0], zeroPoints?[$0] ?? 0, type) }
        return try InterpreterTensor(shape: shape, integer: result, type: type)
    }

    /// A number rounded to the nearest integer (of two, the even one), plus a zero point, saturated to a type.
    static func saturated(_ value: Double, _ zeroPoint: Double, _ type: ElementType) throws -> Int {
        let bounds = type.integerBounds
        let (least, most) = (Double(bounds.lowerBound), Double(bounds.upperBound))
        let sum = value.rounded(.toNearestOrEven) + zeroPoint
        guard let result = Int(exactly: sum < least ? least : (sum > most ? most : sum)) else {
            throw InterpreterError(.notRepresentable("\(value)", as: "\(type)"))
        }
        return result
    }

    /// The elements of a quantised input minus its zero points and, where there is an input with scales, times those.
    static func dequantized(
        _ index: Int, zeroPoint: Int, scale: Int? = nil, trailing: Int, _ call: Call
    ) throws -> [Double] {
        // Only without rounding may a quantised value be real.
        var values = call.rounds ? try call.integers(index).map { Double($0) } : try call.numbers(index)
        let shape = try call.input(index).shape
        if let zeroPoints = call.optionalInput(zeroPoint) {
            try require(
                zeroPoints.kind == .integer, .wrongKind(input: zeroPoint, found: zeroPoints.kind, expected: "integers"))
            values = zip(values, try perElement(zeroPoint, of: shape, trailing: trailing, call)).map { $0 - $1 }
        }
        guard let scale else { return values }
        return zip(values, try perElement(scale, of: shape, trailing: trailing, call)).map { $0 * $1 }
    }

    /// A parameter of each element of an array of the given shape: of one number all have the same; a list is along the
    /// axis that has `trailing` axes after it; anything else broadcasts.
    static func perElement(_ index: Int, of shape: [Int], trailing: Int, _ call: Call) throws -> [Double] {
        var own = try call.input(index).shape
        if own == [1] { own = [] }
        let aligned = own.count == 1 ? own + Array(repeating: 1, count: trailing) : own
        guard aligned.count <= shape.count, try Shapes.broadcast(aligned, shape) == shape else {
            throw InterpreterError(
                .wrongShape(
                    input: index, found: own, expected: "one number, or one for each that it applies to of \(shape)"))
        }
        return try call.broadcast(call.numbers(index), of: aligned, to: shape)
    }
}
