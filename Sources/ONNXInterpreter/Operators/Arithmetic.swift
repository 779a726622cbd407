import Foundation

/// Arithmetic on two inputs that broadcast as numpy's do; Min and Max take any number, Clip has scalars for bounds. Real
/// or integer elements, the same in all inputs; only a real base of Pow may have an integer exponent. Integers never wrap: an overflow is an error.
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
        Operator("Pow", since: 12, inputs: 2...2, evaluate: power),
        Operator("Mod", since: 10, inputs: 2...2, attributes: ["fmod"], evaluate: remainder),
        Operator("Clip", since: 11, inputs: 1...3, evaluate: clip),
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

    /// Pow: of a real base and an integer exponent too.
    private static func power(_ call: Call) throws -> InterpreterTensor {
        guard try call.input(0).kind == .real, try call.input(1).kind == .integer else {
            return try combine(call, real: { pow($0, $1) }, integer: integerPower)
        }
        let (base, exponent) = try call.broadcast(call.input(0), call.input(1))
        guard let bases = base.reals, let exponents = exponent.integers else {
            throw InterpreterError(.kindsDiffer(base.kind, exponent.kind))
        }
        return try InterpreterTensor(shape: base.shape, real: zip(bases, exponents).map { pow($0, Double($1)) })
    }

    /// Mod: the remainder has the sign of the divisor and is of integers or, with `fmod`, that of the dividend.
    private static func remainder(_ call: Call) throws -> InterpreterTensor {
        let truncates = try call.flag("fmod", default: false)
        if !truncates, try call.input(0).kind == .real {
            throw InterpreterError(.wrongKind(input: 0, found: .real, expected: "integers where fmod is 0"))
        }
        return try combine(call, real: { fmod($0, $1) }) { dividend, divisor in
            try require(divisor != 0, .divisionByZero)
            // Of the least integer and -1 the quotient overflows, but the remainder is 0 as it should be.
            let remainder = dividend.remainderReportingOverflow(dividingBy: divisor).partialValue
            let hasDividendsSign = truncates || remainder == 0 || (remainder < 0) == (divisor < 0)
            return hasDividendsSign ? remainder : remainder + divisor
        }
    }

    /// Clip: no smaller than the second input and then no larger than the third, where they are given.
    private static func clip(_ call: Call) throws -> InterpreterTensor {
        let input = try call.input(0)
        func clipped<Number: Comparable>(
            _ values: [Number], _ bound: (Int) throws -> Number, _ smaller: (Number, Number) -> Number,
            _ larger: (Number, Number) -> Number
        ) throws -> [Number] {
            let least = try call.optionalInput(1).map { _ in try bound(1) }
            let most = try call.optionalInput(2).map { _ in try bound(2) }
            return values.map { value in
                let raised = least.map { larger(value, $0) } ?? value
                return most.map { smaller(raised, $0) } ?? raised
            }
        }
        if case .integer(let values) = input.elements {
            return try InterpreterTensor(
                shape: input.shape, integer: clipped(values, call.integer, min, max), type: input.integerType)
        }
        return try InterpreterTensor(shape: input.shape, real: clipped(call.reals(0), call.real, smaller, larger))
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
