import ONNXLoader

/// The operators that the interpreter knows, each evaluated literally as the ONNX standard defines it.
package enum Operators {
    /// The operator sets whose definitions the operators here follow.
    package static let supportedOpsets = 11...26

    /// The most elements one evaluation may produce where the caller sets no limit: 2 GiB of Double.
    package static let defaultElementLimit = 1 << 28

    /// The families, in the order of their files.
    private static let families = [
        arithmetic, functions, logic, reductions, normalizations, linearAlgebra, convolutions, shaping, selecting,
        constants,
    ]

    /// Every form of every operator, newest first.
    private static let forms: [String: [Operator]] = Dictionary(grouping: families.joined(), by: \.name)
        .mapValues { $0.sorted { $0.since > $1.since } }

    /// Evaluates one node.
    ///
    /// - Parameters:
    ///   - node: The node; its domain must be the standard one.
    ///   - inputs: The values of `node.inputs`, in that order; nil for an optional input left out.
    ///   - opset: The operator set of the model, which decides what some operators mean.
    ///   - elementLimit: The most elements an output may have.
    /// - Returns: The values of `node.outputs`, in that order.
    /// - Throws: ``InterpreterError``, which names the node.
    package static func evaluate(
        _ node: Node, inputs: [InterpreterTensor?], opset: Int, elementLimit: Int = defaultElementLimit
    ) throws -> [InterpreterTensor] {
        try naming(node) {
            let form = try form(of: node, opset: opset)
            try require(
                inputs.count == node.inputs.count,
                .wrongInputCount(inputs.count, expected: node.inputs.count...node.inputs.count))
            let call = Call(node: node, inputs: inputs, elementLimit: elementLimit)
            let results = Array(try form.evaluate(call).prefix(node.outputs.count))
            for result in results { try call.checkedCount(of: result.shape) }
            return results
        }
    }

    /// Throws an ``InterpreterError`` if a node can't be evaluated whatever its inputs hold: its operator, an attribute
    /// or the number of its inputs or outputs is not supported.
    package static func check(_ node: Node, opset: Int) throws {
        _ = try naming(node) { try form(of: node, opset: opset) }
    }

    /// Runs `body`, and names the node in what it throws.
    private static func naming<Result>(_ node: Node, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as InterpreterError where error.node == nil {
            throw InterpreterError(error.reason, node: node.label)
        }
    }

    private static func form(of node: Node, opset: Int) throws -> Operator {
        try require(supportedOpsets.contains(opset), .unsupportedOpset(opset, supported: supportedOpsets))
        try require(["", "ai.onnx"].contains(node.domain), .unsupportedDomain(node.domain))
        guard let form = forms[node.operation]?.first(where: { $0.since <= opset }) else {
            throw InterpreterError(.unsupportedOperator(node.operation, opset: opset))
        }
        for name in node.attributes.keys.sorted() where !form.attributes.contains(name) {
            throw InterpreterError(.unknownAttribute(name, known: form.attributes.sorted()))
        }
        try require(form.inputs.contains(node.inputs.count), .wrongInputCount(node.inputs.count, expected: form.inputs))
        try require(
            form.outputs.contains(node.outputs.count), .wrongOutputCount(node.outputs.count, expected: form.outputs))
        return form
    }
}

/// An operator as the ONNX standard defines it from one operator set on, until a later entry of the same name.
struct Operator: Sendable {
    let name: String
    /// The first operator set with this form.
    let since: Int
    /// How many inputs it takes, optional ones included.
    let inputs: ClosedRange<Int>
    let outputs: ClosedRange<Int>
    /// The attributes it knows. One that is not named here is refused, never ignored.
    let attributes: Set<String>
    /// Computes every output, optional ones included.
    let evaluate: @Sendable (Call) throws -> [InterpreterTensor]

    /// An operator with one output.
    init(
        _ name: String, since: Int, inputs: ClosedRange<Int> = 1...1, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> InterpreterTensor
    ) {
        self.init(name, since: since, inputs: inputs, outputs: 1...1, attributes: attributes) { [try evaluate($0)] }
    }

    /// An operator with optional outputs.
    init(
        _ name: String, since: Int, inputs: ClosedRange<Int>, outputs: ClosedRange<Int>, attributes: Set<String> = [],
        evaluate: @escaping @Sendable (Call) throws -> [InterpreterTensor]
    ) {
        self.name = name
        self.since = since
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.evaluate = evaluate
    }
}
