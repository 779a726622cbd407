import Foundation

/// Arithmetic on two inputs that broadcast as numpy's do; Min and Max take any number. Real or integer elements, the
/// same in all inputs. Integers never wrap: an overflow is an error.
extension Operators {
    static let arithmetic = [
        Operator("Add", since: 7, inputs: 2...2) {
            try combine($0, real: { $0 + $1 }, integer: { try whole($0.addingReportingOverflow($1)) })
        },
        Operator("Sub", since: 7, inputs: 2...2) {
            try combine($0, real: { $0 - $1 }, integer: { try whole($0.subtractingReportingOverflow($1)) })
        },
        Operator("Mul", since: 7, inputs: 2...2) {
            try combine($0, real: { $0 * $1 }, integer: { try whole($0.multipliedReportingOverflow(by: $1)) })
        },
        Operator("Div", since: 7, inputs: 2...2) { try combine($0, real: { $0 / $1 }, integer: truncatingQuotient) },
        Operator("Pow", since: 7, inputs: 2...2) { try combine($0, real: { pow($0, $1) }, integer: integerPower) },
        Operator("Min", since: 8, inputs: 1...Int.max) { try combine($0, real: smaller, integer: { min($0, $1) }) },
        Operator("Max", since: 8, inputs: 1...Int.max) { try combine($0, real: larger, integer: { max($0, $1) }) },
    ]

    /// The inputs combined element by element, from the first to the last.
    private static func combine(
        _ call: Call, real: (Double, Double) -> Double, integer: (Int, Int) throws -> Int
    ) throws -> InterpreterTensor {
        var result = try call.input(0)
        if result.kind == .boolean {
            throw InterpreterError(.wrongKind(input: 0, found: .boolean, expected: "real ones or integers"))
        }
        for index in call.inputs.indices.dropFirst() {
            let (first, second) = try call.broadcast(result, call.input(index))
            switch (first.elements, second.elements) {
            case (.real(let a), .real(let b)):
                result = try InterpreterTensor(shape: first.shape, real: zip(a, b).map(real))
            case (.integer(let a), .integer(let b)):
                result = try InterpreterTensor(shape: first.shape, integer: zip(a, b).map(integer))
            default:
                throw InterpreterError(.kindsDiffer(first.kind, second.kind))
            }
        }
        return result
    }

    /// The value of an integer operation, which must not have overflowed.
    static func whole(_ result: (partialValue: Int, overflow: Bool)) throws -> Int {
        try require(!result.overflow, .integerOverflow)
        return result.partialValue
    }

    /// The quotient, rounded toward zero.
    private static func truncatingQuotient(_ dividend: Int, _ divisor: Int) throws -> Int {
        try require(divisor != 0, .divisionByZero)
        return try whole(dividend.dividedReportingOverflow(by: divisor))
    }

    /// `base` to the power of `exponent`, by repeated squaring.
    private static func integerPower(_ base: Int, _ exponent: Int) throws -> Int {
        try require(exponent >= 0, .invalidValue("an integer's exponent", value: "\(exponent)", expected: "0 or more"))
        var result = 1
        var square = base
        var remaining = exponent
        while remaining > 0 {
            if remaining % 2 == 1 { result = try whole(result.multipliedReportingOverflow(by: square)) }
            remaining /= 2
            if remaining > 0 { square = try whole(square.multipliedReportingOverflow(by: square)) }
        }
        return result
    }

    /// The smaller of two numbers; not a number if either isn't one.
    static func smaller(_ first: Double, _ second: Double) -> Double {
        first.isNaN || first < second ? first : second
    }

    /// The larger of two numbers; not a number if either isn't one.
    static func larger(_ first: Double, _ second: Double) -> Double {
        first.isNaN || first > second ? first : second
    }
}
