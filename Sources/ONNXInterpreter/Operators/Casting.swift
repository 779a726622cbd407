import ONNXLoader

extension Operators {
    static let casting = [
        Operator("Cast", since: 9, inputs: 1...1, attributes: ["to"], evaluate: cast),
        // The newer attributes concern only 8-bit floating-point types, which are not supported.
        Operator("Cast", since: 19, inputs: 1...1, attributes: ["to", "saturate"], evaluate: cast),
        Operator("Cast", since: 24, inputs: 1...1, attributes: ["to", "saturate", "round_mode"], evaluate: cast),
    ]

    /// Cast. Real numbers stay in Double whatever the type asked for. To integers, real numbers lose their fraction, and
    /// one beyond the type is an error; integers keep as many low bits as the type has.
    private static func cast(_ call: Call) throws -> InterpreterTensor {
        guard let code = try call.int("to") else { throw InterpreterError(.missingAttribute("to")) }
        guard let type = ElementType(rawValue: code) else {
            throw InterpreterError(.unsupportedAttributeValue("to", value: "\(code)", expected: "a number type's code"))
        }
        let input = try call.input(0)
        if type.isFloatingPoint { return try InterpreterTensor(shape: input.shape, real: real(input.elements)) }
        if type == .bool { return try InterpreterTensor(shape: input.shape, boolean: boolean(input.elements)) }
        let bounds = type.integerBounds
        let values =
            switch input.elements {
            case .real(let values):
                try values.map {
                    guard let value = Int(exactly: $0.rounded(.towardZero)), bounds.contains(value) else {
                        throw InterpreterError(.notRepresentable("\($0)", as: "\(type)"))
                    }
                    return value
                }
            case .integer(let values): try values.map { try wrapped($0, as: type) }
            case .boolean(let values): values.map { $0 ? 1 : 0 }
            }
        return try InterpreterTensor(shape: input.shape, integer: values, type: type)
    }

    private static func real(_ elements: InterpreterTensor.Elements) -> [Double] {
        switch elements {
        case .real(let values): values
        case .integer(let values): values.map { Double($0) }
        case .boolean(let values): values.map { $0 ? 1 : 0 }
        }
    }

    private static func boolean(_ elements: InterpreterTensor.Elements) -> [Bool] {
        switch elements {
        case .real(let values): values.map { $0 != 0 }
        case .integer(let values): values.map { $0 != 0 }
        case .boolean(let values): values
        }
    }

    /// What the low bits of an integer mean in a type. Only those of uint64 can be beyond Int: then it throws.
    private static func wrapped(_ value: Int, as type: ElementType) throws -> Int {
        switch type {
        case .uint8: Int(UInt8(truncatingIfNeeded: value))
        case .int8: Int(Int8(truncatingIfNeeded: value))
        case .uint16: Int(UInt16(truncatingIfNeeded: value))
        case .int16: Int(Int16(truncatingIfNeeded: value))
        case .uint32: Int(UInt32(truncatingIfNeeded: value))
        case .int32: Int(Int32(truncatingIfNeeded: value))
        case .uint64 where value < 0: throw InterpreterError(.notRepresentable("\(value)", as: "\(type)"))
        default: value
        }
    }
}

extension ElementType {
    /// The values of an integer type, as far as Int has them.
    var integerBounds: ClosedRange<Int> {
        switch self {
        case .uint8: 0...Int(UInt8.max)
        case .int8: Int(Int8.min)...Int(Int8.max)
        case .uint16: 0...Int(UInt16.max)
        case .int16: Int(Int16.min)...Int(Int16.max)
        case .uint32: 0...Int(UInt32.max)
        case .int32: Int(Int32.min)...Int(Int32.max)
        case .uint64: 0...Int.max
        default: Int.min...Int.max
        }
    }
}
