import ONNXLoader

/// The operators that the oracle knows, each evaluated literally as the ONNX standard defines it.
public enum Operators {
    /// The operator sets whose definitions the operators here follow.
    public static let supportedOpsets = 11...26

    /// The most elements one evaluation may produce where the caller sets no limit: 2 GiB of Double.
    public static let defaultElementLimit = 1 << 28

    /// The families, in the order of their files.
    private static let families = [
        arithmetic, functions, logic, reductions, normalisations, linearAlgebra, convolutions, shaping, selecting,
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
    /// - Throws: ``OracleError``, which names the node.
    package static func evaluate(
        _ node: Node, inputs: [OracleTensor?], opset: Int, elementLimit: Int = defaultElementLimit
    ) throws -> [OracleTensor] {
        try naming(node) {
            let form = try form(of: node, opset: opset)
            guard inputs.count == node.inputs.count else {
                throw OracleFault.wrongInputCount(inputs.count, expected: node.inputs.count...node.inputs.count)
            }
            let call = Call(node: node, inputs: inputs, elementLimit: elementLimit)
            let results = Array(try form.evaluate(call).prefix(node.outputs.count))
            for result in results { try call.checkedCount(of: result.shape) }
            return results
        }
    }

    /// Throws an ``OracleError`` where a node can't be evaluated whatever its inputs hold: its operator, an attribute
    /// or the number of its inputs or outputs is not supported.
    package static func check(_ node: Node, opset: Int) throws {
        _ = try naming(node) { try form(of: node, opset: opset) }
    }

    /// Runs `body`, and names the node in what it throws.
    private static func naming<Result>(_ node: Node, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as OracleFault {
            throw OracleError(fault, node: node.label)
        } catch let error as OracleError where error.node == nil {
            throw OracleError(error.fault, node: node.label)
        }
    }

    private static func form(of node: Node, opset: Int) throws -> Operator {
        guard supportedOpsets.contains(opset) else {
            throw OracleFault.unsupportedOpset(opset, supported: supportedOpsets)
        }
        guard ["", "ai.onnx"].contains(node.domain) else { throw OracleFault.unsupportedDomain(node.domain) }
        guard let form = forms[node.operation]?.first(where: { $0.since <= opset }) else {
            throw OracleFault.unsupportedOperator(node.operation, opset: opset)
        }
        for name in node.attributes.keys.sorted() where !form.attributes.contains(name) {
            throw OracleFault.unknownAttribute(name, known: form.attributes.sorted())
        }
        guard form.inputs.contains(node.inputs.count) else {
            throw OracleFault.wrongInputCount(node.inputs.count, expected: form.inputs)
        }
        guard form.outputs.contains(node.outputs.count) else {
            throw OracleFault.wrongOutputCount(node.outputs.count, expected: form.outputs)
        }
        return form
    }
}
