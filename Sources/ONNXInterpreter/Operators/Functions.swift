import Foundation

/// Functions of one real input, element by element. Abs, Neg and Sign take integers too.
extension Operators {
    static let functions = [
        Operator("Abs", since: 6) { try map($0, real: { abs($0) }, integer: { $0 < 0 ? try negated($0) : $0 }) },
        Operator("Neg", since: 6) { try map($0, real: { -$0 }, integer: negated) },
        Operator("Sign", since: 9) {
            try map($0, real: { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }, integer: { $0.signum() })
        },
        Operator("Floor", since: 6) { try map($0) { $0.rounded(.down) } },
        Operator("Ceil", since: 6) { try map($0) { $0.rounded(.up) } },
        Operator("Round", since: 11) { try map($0) { $0.rounded(.toNearestOrEven) } },
        Operator("Reciprocal", since: 6) { try map($0) { 1 / $0 } },
        Operator("Sqrt", since: 6) { try map($0) { $0.squareRoot() } },
        Operator("Exp", since: 6) { try map($0) { exp($0) } },
        Operator("Log", since: 6) { try map($0) { log($0) } },
        Operator("Erf", since: 9) { try map($0) { erf($0) } },
        Operator("Tanh", since: 6) { try map($0) { tanh($0) } },
        Operator("Sigmoid", since: 6) { try map($0, sigmoid) },
        Operator("Relu", since: 6) { try map($0) { $0 < 0 ? 0 : $0 } },
        Operator("Gelu", since: 20, inputs: 1...1, attributes: ["approximate"], evaluate: gelu),
    ]

    static func map(_ call: Call, _ real: (Double) -> Double) throws -> InterpreterTensor {
        try InterpreterTensor(shape: call.input(0).shape, real: call.reals(0).map(real))
    }

    private static func map(
        _ call: Call, real: (Double) -> Double, integer: (Int) throws -> Int
    ) throws -> InterpreterTensor {
        let input = try call.input(0)
        if case .integer(let values) = input.elements {
            return try InterpreterTensor(shape: input.shape, integer: values.map(integer), type: input.integerType)
        }
        return try map(call, real)
    }

    private static func negated(_ value: Int) throws -> Int {
        try whole(0.subtractingReportingOverflow(value))
    }

    /// Gelu: x · Φ(x) with the normal distribution's Φ, or its approximation by tanh.
    private static func gelu(_ call: Call) throws -> InterpreterTensor {
        switch try call.string("approximate") ?? "none" {
        case "none":
            return try map(call, gelu)
        case "tanh":
            return try map(call, approximateGelu)
        case let value:
            throw InterpreterError(
                .unsupportedAttributeValue(
                    "approximate", value: "'\(value)'", expected: "'none' or 'tanh'"))
        }
    }

    /// x · Φ(x) with the normal distribution's Φ.
    static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x * 0.5.squareRoot())) }

    /// x · Φ(x) with an approximation of Φ by tanh.
    static func approximateGelu(_ x: Double) -> Double {
        0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }

    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
