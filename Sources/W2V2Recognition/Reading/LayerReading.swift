import ONNXLoader

/// Layers that occur in several modules.
extension ArchitectureReader {
    /// The epsilon of every LayerNorm in the architecture.
    static let layerNormEpsilon = 1e-5

    /// Checks a LayerNorm that was met where one belongs.
    func check(_ norm: FusedNode.LayerNorm, of node: FusedNode, size: Int, in module: String) throws {
        guard norm.epsilon.value.isClose(to: Self.layerNormEpsilon) else {
            throw RecognitionError(
                node: norm.epsilon.node, module: module, found: "epsilon \(norm.epsilon.value)",
                expected: "LayerNorm's epsilon \(Self.layerNormEpsilon)")
        }
        guard norm.parameters.weight.shape == [size], norm.parameters.bias.shape == [size] else {
            throw misfit(
                node, in: module,
                "LayerNorm of weight \(norm.parameters.weight.shape) and bias \(norm.parameters.bias.shape)",
                expected: "both [\(size)]")
        }
    }

    /// Takes the LayerNorm over `size` channels that is the only reader of `value`.
    mutating func layerNorm(_ value: String, size: Int, in module: String) throws -> String {
        let (node, norm) = try take(after: value, in: module, expecting: "LayerNorm over channels") { $0.asLayerNorm }
        try check(norm, of: node, size: size, in: module)
        keep(norm.parameters, as: module)
        return node.output
    }

    /// Takes the fully connected layer that is the only reader of `value`.
    mutating func linear(
        _ value: String, inputSize: Int, outputSize: Int? = nil, in module: String
    ) throws -> (outputSize: Int, output: String) {
        let (node, parameters) = try take(after: value, in: module, expecting: "Linear") { $0.asLinear }
        try check(parameters, of: node, inputSize: inputSize, outputSize: outputSize, in: module)
        keep(parameters, as: module)
        return (parameters.outputSize, node.output)
    }

    func check(
        _ parameters: LinearParameters, of node: FusedNode, inputSize: Int, outputSize: Int?, in module: String
    ) throws {
        guard parameters.inputSize == inputSize, outputSize.map({ $0 == parameters.outputSize }) ?? true else {
            throw misfit(
                node, in: module, "Linear from \(parameters.inputSize) to \(parameters.outputSize)",
                expected: "Linear from \(inputSize)\(outputSize.map { " to \($0)" } ?? "")")
        }
    }

    mutating func gelu(_ value: String, in module: String) throws -> String {
        try take(after: value, in: module, expecting: "GELU in its exact form, with erf") { $0.asGELU }.node.output
    }

    /// The two readers of a state that a branch starts from: the branch's first operation, and the sum that adds its
    /// result to the state. Neither is taken.
    func branch<Payload>(
        from state: String, in module: String, expecting expected: String,
        _ match: (FusedNode.Operation) -> Payload?
    ) throws -> (node: FusedNode, payload: Payload, sum: FusedNode) {
        var start: (node: FusedNode, payload: Payload)?
        var sum: FusedNode?
        let readers = graph.readers(of: state)
        for reader in readers {
            if start == nil, let payload = match(reader.operation) {
                start = (reader, payload)
            } else if sum == nil, reader.operation.asSum != nil {
                sum = reader
            } else {
                throw misfit(reader, in: module, expected: expected)
            }
        }
        let isOutput = graph.outputs.contains(state)
        guard let start, let sum, !isOutput else {
            throw RecognitionError(
                node: (isOutput ? graph.producer(of: state) : readers.first)?.label, module: module,
                found: isOutput ? "'\(state)' is an output of the graph" : "no residual connection", expected: expected)
        }
        return (start.node, start.payload, sum)
    }

    /// The parts of a residual connection around a normalised branch. The LayerNorm is taken; the sum is for the end of
    /// the branch.
    mutating func residualBranch(
        _ state: String, size: Int, in module: String, norm normModule: String
    ) throws -> (output: String, sum: FusedNode) {
        let (node, norm, sum) = try branch(
            from: state, in: module,
            expecting: "the state read by a LayerNorm and by the sum after the branch (pre-norm), and by nothing else"
        ) { $0.asLayerNorm }
        try claim(node, in: "\(module).\(normModule)")
        try check(norm, of: node, size: size, in: "\(module).\(normModule)")
        keep(norm.parameters, as: "\(module).\(normModule)")
        return (node.output, sum)
    }

    /// Takes the sum that ends a residual connection: of `state` and the branch's result `value`, in either order.
    mutating func residualSum(_ state: String, plus value: String, at sum: FusedNode, in module: String) throws
        -> String
    {
        let (node, _) = try take(
            after: value, in: module, expecting: "the sum with the residual", as: "Residual"
        ) { $0.asSum }
        guard node.nodes == sum.nodes, Set(node.inputs) == [state, value] else {
            throw misfit(node, in: module, "adds another value", expected: "the branch's result plus '\(state)'")
        }
        return node.output
    }
}
