/// Comparisons, which broadcast as numpy's do and give booleans; operators on booleans; and the choice by booleans.
extension Operators {
    static let logic = [
        Operator("Equal", since: 11, inputs: 2...2) { try compare($0, real: ==, integer: ==, boolean: ==) },
        Operator("Less", since: 9, inputs: 2...2) { try compare($0, real: <, integer: <) },
        Operator("LessOrEqual", since: 12, inputs: 2...2) { try compare($0, real: <=, integer: <=) },
        Operator("Greater", since: 9, inputs: 2...2) { try compare($0, real: >, integer: >) },
        Operator("GreaterOrEqual", since: 12, inputs: 2...2) { try compare($0, real: >=, integer: >=) },
        Operator("Not", since: 1) {
            try InterpreterTensor(shape: $0.input(0).shape, boolean: $0.booleans(0).map { !$0 })
        },
        Operator("And", since: 7, inputs: 2...2) { try compare($0, boolean: { $0 && $1 }) },
        Operator("Or", since: 7, inputs: 2...2) { try compare($0, boolean: { $0 || $1 }) },
        Operator("Xor", since: 7, inputs: 2...2) { try compare($0, boolean: !=) },
        Operator("IsNaN", since: 9) {
            try InterpreterTensor(shape: $0.input(0).shape, boolean: $0.reals(0).map(\.isNaN))
        },
        Operator("Where", since: 9, inputs: 3...3, evaluate: choice),
    ]

    /// A boolean for each pair of elements. A kind of elements without a function is refused.
    private static func compare(
        _ call: Call, real: ((Double, Double) -> Bool)? = nil, integer: ((Int, Int) -> Bool)? = nil,
        boolean: ((Bool, Bool) -> Bool)? = nil
    ) throws -> InterpreterTensor {
        let (first, second) = try call.broadcast(call.input(0), call.input(1))
        switch (first.elements, second.elements) {
        case (.real(let a), .real(let b)):
            if let real { return try InterpreterTensor(shape: first.shape, boolean: zip(a, b).map(real)) }
        case (.integer(let a), .integer(let b)):
            if let integer { return try InterpreterTensor(shape: first.shape, boolean: zip(a, b).map(integer)) }
        case (.boolean(let a), .boolean(let b)):
            if let boolean { return try InterpreterTensor(shape: first.shape, boolean: zip(a, b).map(boolean)) }
        default:
            throw InterpreterError(.kindsDiffer(first.kind, second.kind))
        }
        let expected = boolean == nil ? "real ones or integers" : "boolean ones"
        throw InterpreterError(.wrongKind(input: 0, found: first.kind, expected: expected))
    }

    /// Where: an element of the second input where the condition holds, else one of the third. All three broadcast.
    private static func choice(_ call: Call) throws -> InterpreterTensor {
        let (yes, no) = try call.broadcast(call.input(1), call.input(2))
        let shape = try Shapes.broadcast(call.input(0).shape, yes.shape)
        let conditions = try call.broadcast(call.booleans(0), of: call.input(0).shape, to: shape)
        func chosen<Element>(_ yes: [Element], _ no: [Element]) -> [Element] {
            conditions.indices.map { conditions[$0] ? yes[$0] : no[$0] }
        }
        switch (try call.broadcast(yes, to: shape).elements, try call.broadcast(no, to: shape).elements) {
        case (.real(let a), .real(let b)): return try InterpreterTensor(shape: shape, real: chosen(a, b))
        case (.integer(let a), .integer(let b)):
            return try InterpreterTensor(shape: shape, integer: chosen(a, b), type: yes.integerType)
        case (.boolean(let a), .boolean(let b)): return try InterpreterTensor(shape: shape, boolean: chosen(a, b))
        default: throw InterpreterError(.kindsDiffer(yes.kind, no.kind))
        }
    }
}
