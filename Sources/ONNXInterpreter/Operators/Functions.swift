import Foundation

/// Functions of one real input, element by element. Abs and Neg take integers too.
extension Operators {
    static let functions = [
        Operator("Abs", since: 6) { try map($0, real: { abs($0) }, integer: { $0 < 0 ? try negated($0) : $0 }) },
        Operator("Neg", since: 6) { try map($0, real: { -$0 }, integer: negated) },
        Operator("Reciprocal", since: 6) { try map($0) { 1 / $0 } },
        Operator("Sqrt", since: 6) { try map($0) { $0.squareRoot() } },
        Operator("Exp", since: 6) { try map($0) { exp($0) } },
        Operator("Log", since: 6) { try map($0) { log($0) } },
        Operator("Erf", since: 9) { try map($0) { erf($0) } },
        Operator("Tanh", since: 6) { try map($0) { tanh($0) } },
        Operator("Sigmoid", since: 6) { try map($0) { 1 / (1 + exp(-$0)) } },
        Operator("Relu", since: 6) { try map($0) { $0 < 0 ? 0 : $0 } },
        Operator("Gelu", since: 20, inputs: 1...1, attributes: ["approximate"], evaluate: gelu),
    ]

    private static func map(_ call: Call, real: (Double) -> Double) throws -> InterpreterTensor {
        try InterpreterTensor(shape: call.input(0).shape, real: call.reals(0).map(real))
    }

    private static func map(
        _ call: Call, real: (Double) -> Double, integer: (Int) throws -> Int
    ) throws -> InterpreterTensor {
        let input = try call.input(0)
        if case .integer(let values) = input.elements {
            return try InterpreterTensor(shape: input.shape, integer: values.map(integer))
        }
        return try map(call, real: real)
    }

    private static func negated(_ value: Int) throws -> Int {
        try whole(0.subtractingReportingOverflow(value))
    }

    /// Gelu: x · Φ(x) with the normal distribution's Φ, or its approximation by tanh.
    private static func gelu(_ call: Call) throws -> InterpreterTensor {
        switch try call.string("approximate") ?? "none" {
        case "none":
            return try map(call) { x in 0.5 * x * (1 + erf(x * 0.5.squareRoot())) }
        case "tanh":
            let factor = (2 / Double.pi).squareRoot()
            return try map(call) { x in 0.5 * x * (1 + tanh(factor * (x + 0.044715 * x * x * x))) }
        case let value:
            throw InterpreterError(
                .unsupportedAttributeValue(
                    "approximate", value: "'\(value)'", expected: "'none' or 'tanh'"))
        }
    }
}
