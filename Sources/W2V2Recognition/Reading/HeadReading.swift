import ONNXLoader
import W2V2Network

/// From the last encoder layer to the graph's outputs.
extension ArchitectureReader {
    /// Takes the final LayerNorm and the mean over time: from `state` `[1, frames, hidden]` to `pooled` `[1, hidden]`.
    mutating func pooling(_ state: String, hiddenSize: Int) throws -> String {
        let normalized = try layerNorm(state, size: hiddenSize, in: "encoder.layer_norm")
        stageValues[.finalNorm] = StageValue(name: normalized, layout: .timeMajor)
        let expected = "the mean over time (axis 1, which drops out)"
        let (node, mean) = try take(after: normalized, in: "pooling", expecting: expected) {
            operation -> (axes: [Int], keepsAxes: Bool)? in
            if case .mean(let axes, let keepsAxes) = operation { (axes, keepsAxes) } else { nil }
        }
        guard mean.axes == [1], !mean.keepsAxes else {
            throw misfit(
                node, in: "pooling", "a mean over axes \(mean.axes)\(mean.keepsAxes ? ", which stay" : "")",
                expected: expected)
        }
        stageValues[.pooled] = StageValue(name: node.output, layout: .timeMajor)
        return node.output
    }

    /// Takes the heads on `pooled` `[1, hidden]`, in the order of the graph's outputs. These, as declared in `outputs`,
    /// must be the pooled state, heads' results, or both, and nothing else. A head that is no output is accounted for, and
    /// left out.
    mutating func heads(
        _ pooled: String, hiddenSize: Int, outputs: [ValueInfo]
    ) throws -> (pooledOutput: String?, heads: [Architecture.Head]) {
        let declared = try declaredOutputs(outputs)
        let pooledOutput = declared[pooled]
        if let pooledOutput { try check(pooledOutput, size: hiddenSize) }
        var sizes: [Architecture.Head] = []
        var reached: Set = [pooled]
        let readers = graph.readers(of: pooled).map { (node: $0, place: outputPlace(ofHeadWith: $0)) }
        // Those that are no outputs come last.
        for (index, reader) in readers.sorted(by: { $0.place < $1.place }).map(\.node).enumerated() {
            let others = parameters
            let (size, value) = try head(reader, in: "heads.\(index)", hiddenSize: hiddenSize)
            guard let output = declared[value] else {
                parameters = others
                continue
            }
            try check(output, size: size.size)
            sizes.append(.init(output: output.name, denseSize: size.dense, size: size.size))
            stageValues[.head(index)] = StageValue(name: value, layout: .timeMajor)
            reached.insert(value)
        }
        guard reached.contains(where: { declared[$0] != nil }) else {
            throw RecognitionError(
                node: graph.producer(of: pooled)?.label, module: "heads",
                found: "neither the pooled state nor a head's result is an output of the graph",
                expected: "one of them; export it again with these outputs")
        }
        if let other = graph.outputs.first(where: { !reached.contains($0) }) {
            throw RecognitionError(
                node: graph.producer(of: other)?.label, found: "output '\(declared[other]?.name ?? other)'",
                expected: "only the pooled state and heads on it as outputs; export it again with these")
        }
        return (pooledOutput?.name, sizes)
    }

    /// Takes Linear, tanh, Linear.
    private mutating func head(
        _ dense: FusedNode, in module: String, hiddenSize: Int
    ) throws -> (size: (dense: Int, size: Int), value: String) {
        guard let parameters = dense.operation.asLinear else {
            throw misfit(dense, in: module, expected: "a head's Linear on the pooled state")
        }
        try check(parameters, of: dense, inputSize: hiddenSize, outputSize: nil, in: module)
        try claim(dense, in: "\(module).dense")
        keep(parameters, as: "\(module).dense")
        let (node, _) = try take(after: dense.output, in: module, expecting: "tanh") { $0.asTanh }
        let (size, value) = try linear(node.output, inputSize: parameters.outputSize, in: "\(module).out_proj")
        if let reader = graph.readers(of: value).first {
            throw misfit(reader, in: module, expected: "nothing after a head")
        }
        return ((parameters.outputSize, size), value)
    }

    /// The place of the graph output that a head makes, as far as one operation after another leads there.
    private func outputPlace(ofHeadWith dense: FusedNode) -> Int {
        var node = dense
        while let next = graph.readers(of: node.output).first { node = next }
        return graph.outputs.firstIndex(of: node.output) ?? graph.outputs.count
    }

    /// The graph's outputs by the one name of their value.
    private func declaredOutputs(_ outputs: [ValueInfo]) throws -> [String: ValueInfo] {
        var declared: [String: ValueInfo] = [:]
        for (value, output) in zip(graph.outputs, outputs) {
            if let other = declared[value] {
                throw RecognitionError(
                    node: graph.producer(of: value)?.label,
                    found: "outputs '\(other.name)' and '\(output.name)' are the same value",
                    expected: "each output once")
            }
            declared[value] = output
        }
        return declared
    }

    /// Checks what the graph declares of an output: `[1 or open, size or open]` float32.
    private func check(_ output: ValueInfo, size: Int) throws {
        guard output.elementType == .float32 else {
            throw RecognitionError(
                node: "output '\(output.name)'",
                found: output.elementType.map { "elements of type \($0)" } ?? "no element type", expected: "float32")
        }
        guard let shape = output.shape else { return }
        let fits = zip(shape, [1, size]).allSatisfy { dimension, length in
            if case .fixed(let number) = dimension { number == length } else { true }
        }
        guard shape.count == 2, fits else {
            throw RecognitionError(
                node: "output '\(output.name)'", found: "declared shape \(shape)", expected: "[1, \(size)]")
        }
    }
}
