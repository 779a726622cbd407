import ONNXLoader
import W2V2Network

/// From the last encoder layer to the graph's outputs.
extension ArchitectureReader {
    /// Takes the final LayerNorm and the mean over time: from `state` `[1, frames, hidden]` to `normalized` of that shape and
    /// `pooled` `[1, 1, hidden]`, or nil if the graph ends with the frames.
    mutating func pooling(_ state: Int, hiddenSize: Int) throws -> (normalized: Int, pooled: Int?) {
        let normalized = try layerNorm(state, size: hiddenSize, in: "encoder.layer_norm")
        note(normalized, as: .finalNorm)
        if graph.readers(of: normalized).isEmpty, graph.isOutput(normalized) { return (normalized, nil) }
        let expected = "the mean over time (axis 1)"
        let (index, axis) = try take(
            after: normalized, in: "pooling", expecting: expected, mayBeOutput: true
        ) { kind -> Int? in if case .mean(let axis) = kind { axis } else { nil } }
        guard axis == 1 else {
            throw misfit(index, in: "pooling", "a mean over axis \(axis)", expected: expected)
        }
        note(index, as: .pooled)
        return (normalized, index)
    }

    /// Takes the heads on the pooled state, in the order of the graph's outputs. These, as declared in `outputs`, must be
    /// the pooled state, heads' results, or both; the frames that it is the mean of, or those that the encoder is given, may
    /// be among them. A head that is no output is accounted for, and left out.
    mutating func heads(
        on pooled: Int?, of frames: [Int], hiddenSize: Int, outputs: [ValueInfo]
    ) throws -> (pooledOutput: String, heads: [Architecture.Head]) {
        let declared = try declaredOutputs(outputs)
        let pooledOutput = pooled.flatMap { declared[$0] }
        if let pooledOutput { try check(pooledOutput, size: hiddenSize) }
        var sizes: [Architecture.Head] = []
        var reached = Set(frames + [pooled].compactMap(\.self))
        let readers = (pooled.map { graph.readers(of: $0) } ?? []).map {
            (index: $0, place: outputPlace(ofHeadWith: $0))
        }
        // Those that are no outputs come last.
        for (place, reader) in readers.sorted(by: { $0.place < $1.place }).map(\.index).enumerated() {
            let others = parameters
            let (inner, value) = try head(reader, in: "heads.\(place)", hiddenSize: hiddenSize)
            guard let output = declared[value] else {
                parameters = others
                continue
            }
            try check(output, size: inner.size)
            sizes.append(.init(output: output.name, denseSize: inner.dense, size: inner.size, kind: inner.kind))
            note(value, as: .head(place))
            reached.insert(value)
        }
        guard reached.contains(where: { declared[$0] != nil }) else {
            throw RecognitionError(
                node: (pooled ?? frames.last).flatMap { graph.label($0) }, module: "heads",
                found: "neither the pooled state nor a head's result is an output of the graph",
                expected: "one of them; export it again with these outputs")
        }
        if let other = graph.outputs.first(where: { $0.operand.map { !reached.contains($0.source) } ?? true }) {
            throw RecognitionError(
                node: other.operand.flatMap { graph.label($0.source) }, found: "output '\(other.name)'",
                expected: "only the pooled state and heads on it as outputs; export it again with these")
        }
        let usual = "hidden_states"
        let isFree = !sizes.contains { $0.output == usual }
        return (pooledOutput?.name ?? (isFree ? usual : "pooled"), sizes)
    }

    /// Takes Linear, tanh, Linear, or two Linear alone.
    private mutating func head(
        _ dense: Int, in module: String, hiddenSize: Int
    ) throws -> (sizes: (dense: Int, size: Int, kind: Architecture.Head.Kind), value: Int) {
        guard let parameters = graph[dense].kind.asLinear else {
            throw misfit(dense, in: module, expected: "a head's Linear on the pooled state")
        }
        try check(parameters, at: dense, inputSize: hiddenSize, outputSize: nil, in: module)
        try claim(dense, in: "\(module).dense")
        try keep(parameters, as: "\(module).dense")
        let isLinear = graph.readers(of: dense).first.map { graph[$0].kind.asLinear != nil } ?? false
        let active = isLinear ? dense : try take(after: dense, in: module, expecting: "tanh") { $0.asTanh }.index
        let (size, value) = try linear(active, inputSize: parameters.outputSize, in: "\(module).out_proj")
        if let reader = graph.readers(of: value).first {
            throw misfit(reader, in: module, expected: "nothing after a head")
        }
        return ((parameters.outputSize, size, isLinear ? .linear : .tanh), value)
    }

    /// The place of the graph output that a head makes, as far as one operation after another leads there.
    private func outputPlace(ofHeadWith dense: Int) -> Int {
        var index = dense
        while let next = graph.readers(of: index).first { index = next }
        return graph.outputs.firstIndex { $0.operand?.source == index } ?? graph.outputs.count
    }

    /// The graph's outputs by the operation that computes them.
    private mutating func declaredOutputs(_ outputs: [ValueInfo]) throws -> [Int: ValueInfo] {
        var declared: [Int: ValueInfo] = [:]
        for (given, output) in zip(graph.outputs, outputs) {
            guard let operand = given.operand else { continue }
            if let other = declared[operand.source] {
                throw RecognitionError(
                    node: graph.label(operand.source),
                    found: "outputs '\(other.name)' and '\(output.name)' are the same value",
                    expected: "each output once")
            }
            declared[operand.source] = output
            claimRearrangements(of: operand, in: "outputs")
        }
        return declared
    }

    /// Checks what the graph declares of an output: `[1 or open, size or open]` numbers.
    private func check(_ output: ValueInfo, size: Int) throws {
        guard let type = output.elementType, type.isFloatingPoint else {
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
