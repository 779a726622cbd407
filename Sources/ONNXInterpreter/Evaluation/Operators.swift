import ONNXLoader

/// The operators that the interpreter knows, each evaluated literally: the standard ones as the ONNX standard defines
/// them, those of ONNX Runtime's own domain as its documentation does.
package enum Operators {
    /// The operator sets whose definitions the operators here follow.
    package static let supportedOpsets = 11...26

    /// The versions of ONNX Runtime's own operators that there are.
    static let supportedRuntimeOpsets = 1...1

    /// The most elements one evaluation may produce where the caller sets no limit: 2 GiB of Double.
    package static let defaultElementLimit = 1 << 28

    /// The families, in the order of their files.
    private static let families = [
        arithmetic, functions, logic, reductions, normalizations, linearAlgebra, convolutions, attention, shaping,
        selecting, resizing, placing, indexing, constants, casting, quantization, quantizedProducts, fusedActivations,
        fusedProducts, fusedNormalizations, fusedAttention, fusedQuantization,
    ]

    /// What names an operator.
    private struct Key: Hashable {
        let domain: String
        let name: String
    }

    /// Every form of every operator, newest first.
    private static let forms: [Key: [Operator]] = Dictionary(
        grouping: families.joined(), by: { Key(domain: $0.domain, name: $0.name) }
    )
    .mapValues { $0.sorted { $0.since > $1.since } }

    /// Evaluates one node.
    ///
    /// - Parameters:
    ///   - node: The node; its domain must be the standard one or ONNX Runtime's.
    ///   - inputs: The values of `node.inputs`, in that order; nil for an optional input left out.
    ///   - opset: The standard operator set of the model, which decides what some operators mean.
    ///   - elementLimit: The most elements an output may have.
    ///   - rounding: Whether quantising rounds; see ``Interpreter/run(inputs:keeping:roundingActivations:)``.
    /// - Returns: The values of `node.outputs`, in that order.
    /// - Throws: ``InterpreterError``, which names the node.
    package static func evaluate(
        _ node: Node, inputs: [InterpreterTensor?], opset: Int, elementLimit: Int = defaultElementLimit,
        rounding: Bool = true
    ) throws -> [InterpreterTensor] {
        try naming(node) {
            let form = try form(of: node, opset: opset)
            try require(
                inputs.count == node.inputs.count,
                .wrongInputCount(inputs.count, expected: node.inputs.count...node.inputs.count))
            let call = Call(node: node, inputs: inputs, elementLimit: elementLimit, rounds: rounding)
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

    /// The same for a node of a model, whose version of the node's domain must be supported too.
    static func check(_ node: Node, in model: ONNXModel) throws {
        try check(node, opset: model.opset)
        guard node.domain == Operator.runtimeDomain, let version = model.opsets[node.domain] else { return }
        try naming(node) {
            try require(
                supportedRuntimeOpsets.contains(version),
                .unsupportedOpset(version, supported: supportedRuntimeOpsets))
        }
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
        let domain = node.domain == "ai.onnx" ? "" : node.domain
        try require(domain != "com.microsoft.nchwc", .processorSpecific(domain))
        let isRuntime = domain == Operator.runtimeDomain
        try require(domain.isEmpty || isRuntime, .unsupportedDomain(domain))
        guard let form = forms[Key(domain: domain, name: node.operation)]?.first(where: { $0.since <= opset }) else {
            throw InterpreterError(
                isRuntime
                    ? .unsupportedOperator("\(domain).\(node.operation)", opset: supportedRuntimeOpsets.upperBound)
                    : .unsupportedOperator(node.operation, opset: opset))
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
