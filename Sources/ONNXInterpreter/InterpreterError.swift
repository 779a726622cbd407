/// Why a graph, or one node of it, could not be run.
package struct InterpreterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The node concerned, as messages name it: its operator and its name; nil if no single node is concerned.
    package let node: String?
    package let reason: Reason

    package init(_ reason: Reason, node: String? = nil) {
        self.reason = reason
        self.node = node
    }

    package var description: String {
        node.map { "\($0): \(reason)" } ?? "\(reason)"
    }

    /// What was wrong, and what would be right.
    package enum Reason: Equatable, Sendable {
        // The operator and its attributes.
        case unsupportedOpset(Int, supported: ClosedRange<Int>)
        case unsupportedDomain(String)
        case processorSpecific(String)
        case unsupportedInput(Int, what: String)
        case unsupportedOperator(String, opset: Int)
        case unknownAttribute(String, known: [String])
        case missingAttribute(String)
        case wrongAttributeType(String, expected: String)
        case unsupportedAttributeValue(String, value: String, expected: String)
        case wrongInputCount(Int, expected: ClosedRange<Int>)
        case wrongOutputCount(Int, expected: ClosedRange<Int>)

        // The inputs' shapes and elements.
        case missingInput(Int)
        case wrongKind(input: Int, found: InterpreterTensor.Kind, expected: String)
        case wrongShape(input: Int, found: [Int], expected: String)
        case kindsDiffer(InterpreterTensor.Kind, InterpreterTensor.Kind)
        case notBroadcastable([Int], [Int])
        case axisOutOfRange(Int, rank: Int)
        case repeatedAxis(Int)
        case indexOutOfRange(Int, count: Int)
        case cannotReshape(from: [Int], to: [Int])
        case invalidValue(String, value: String, expected: String)

        // Sizes and arithmetic.
        case elementCountDiffers(shape: [Int], count: Int)
        case negativeDimension(shape: [Int])
        case tooManyElements(shape: [Int], limit: Int)
        case integerOverflow
        case divisionByZero
        case notRepresentable(String, as: String)

        // The graph and what a caller gives and asks for.
        case unreadableTensor(String, reason: String)
        case undefinedValue(String)
        case missingGraphInput(String)
        case unknownGraphInput(String, known: [String])
        case wrongGraphInput(String, found: String, expected: String)
        case notOneInput([String])
    }
}

extension InterpreterError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupportedOpset(let opset, let supported):
            "operator set \(opset) is not supported; supported are \(supported.lowerBound) to \(supported.upperBound)"
        case .unsupportedDomain(let domain):
            "operators of the domain '\(domain)' are not supported; expected the standard ONNX domain or com.microsoft"
        case .processorSpecific(let domain):
            "operators of the domain '\(domain)' are optimised for one processor; take the file before"
        case .unsupportedInput(let index, let what): "input \(index), \(what), is not supported; expected none"
        case .unsupportedOperator(let name, let opset): "the operator \(name) is not supported in operator set \(opset)"
        case .unknownAttribute(let name, let known):
            "the attribute '\(name)' is not supported; supported here: \(Self.list(known))"
        case .missingAttribute(let name): "the attribute '\(name)' is missing"
        case .wrongAttributeType(let name, let expected):
            "the attribute '\(name)' has the wrong type; expected \(expected)"
        case .unsupportedAttributeValue(let name, let value, let expected):
            "the attribute '\(name)' is \(value), which is not supported; expected \(expected)"
        case .wrongInputCount(let count, let expected): "has \(count) inputs; expected \(Self.range(expected))"
        case .wrongOutputCount(let count, let expected): "has \(count) outputs; expected \(Self.range(expected))"
        case .missingInput(let index): "input \(index) is missing"
        case .wrongKind(let input, let found, let expected):
            "input \(input) has \(found.rawValue) elements; expected \(expected)"
        case .wrongShape(let input, let found, let expected): "input \(input) has shape \(found); expected \(expected)"
        case .kindsDiffer(let first, let second):
            "inputs have \(first.rawValue) and \(second.rawValue) elements; expected one type"
        case .notBroadcastable(let first, let second):
            "the shapes \(first) and \(second) do not broadcast; expected sizes that are equal or 1, from the back"
        case .axisOutOfRange(let axis, let rank):
            rank == 0
                ? "axis \(axis) does not exist in a scalar"
                : "axis \(axis) is out of range; expected \(-rank) to \(rank - 1)"
        case .repeatedAxis(let axis): "axis \(axis) is given twice"
        case .indexOutOfRange(let index, let count):
            count == 0
                ? "index \(index) is out of range; the axis is empty"
                : "index \(index) is out of range; expected \(-count) to \(count - 1)"
        case .cannotReshape(let from, let to):
            "a tensor of shape \(from) cannot take the shape \(to); expected one with as many elements"
        case .invalidValue(let what, let value, let expected): "\(what) is \(value); expected \(expected)"
        case .elementCountDiffers(let shape, let count): "the shape \(shape) does not fit \(count) elements"
        case .negativeDimension(let shape): "the shape \(shape) has a negative size; expected 0 or more"
        case .tooManyElements(let shape, let limit):
            "a tensor of shape \(shape) would be too large; expected at most \(limit) elements"
        case .integerOverflow: "integer arithmetic overflows"
        case .divisionByZero: "an integer is divided by zero"
        case .notRepresentable(let value, let type): "the value \(value) cannot be represented as \(type)"
        case .unreadableTensor(let name, let reason): "the tensor '\(name)' cannot be read: \(reason)"
        case .undefinedValue(let name):
            "the value '\(name)' is not an input, an initializer or an earlier node's output"
        case .missingGraphInput(let name): "the graph's input '\(name)' is missing"
        case .unknownGraphInput(let name, let known): "the graph has no input '\(name)'; expected \(Self.list(known))"
        case .wrongGraphInput(let name, let found, let expected):
            "the graph's input '\(name)' is given \(found); expected \(expected)"
        case .notOneInput(let names):
            "the graph has the inputs \(Self.list(names)); expected a signal, and at most a mask beside it"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
    }

    private static func range(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == .max { return "\(range.lowerBound) or more" }
        return range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}

/// Throws an ``InterpreterError`` unless the condition holds.
func require(_ condition: Bool, _ reason: @autoclosure () -> InterpreterError.Reason) throws {
    guard condition else { throw InterpreterError(reason()) }
}
