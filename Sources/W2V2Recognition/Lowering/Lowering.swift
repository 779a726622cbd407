import ONNXLoader

/// Follows a graph from its input: what its nodes compute of samples becomes operations without layout, and what they
/// compute of sizes becomes known.
///
/// The engine runs one signal at a time, so a batch axis left open has length 1. Nodes that can't be followed carry the
/// reason, which is the error if anything turns out to need them.
struct Lowering {
    private(set) var graph: CanonicalGraph
    /// The operation that stands for the graph's input.
    private(set) var signal = 0
    /// What holds only for signals of at least so many samples, and the node that needs it.
    private(set) var conditions: [Condition] = []
    /// What the nodes are that no operation needs.
    private(set) var idle: [Int: Idle] = [:]
    /// Why nodes could not be followed.
    private(set) var failures: [Int: RecognitionError] = [:]
    private var values: [String: Value] = [:]
    /// The exact number of samples that the graph takes; nil if it takes any.
    let fixedSamples: Int?

    struct Condition {
        let node: String
        let samples: Int
        /// What fewer samples would break.
        let reason: String
    }

    /// Why a node takes no part in the computation.
    enum Idle: String {
        case constant = "constant"
        case size = "size arithmetic"
        case identity = "identity"
        case conversion = "conversion of numbers"
        case emptyMask = "mask that masks nothing"
    }

    init(of ordered: OrderedGraph, constants: ConstantFolding) throws {
        graph = CanonicalGraph(nodes: ordered.graph.nodes)
        let interface = try GraphInputs(ordered.graph.inputs)
        fixedSamples = interface.fixedSamples
        for (name, constant) in constants.constants { values[name] = .known(KnownValue(constant)) }
        for (name, mask) in interface.masks { values[name] = .known(mask) }
        let shape: [Extent] = [.one, interface.samples]
        signal = graph.append(
            Operation(
                kind: .signal, inputs: [], shape: shape, nodes: [],
                value: GraphValue(name: interface.signal, view: AxisView(of: shape))))
        values[interface.signal] = .signal(Operand(source: signal, view: AxisView(of: shape)))

        for (index, node) in ordered.graph.nodes.enumerated() {
            if constants.nodes.contains(index) {
                idle[index] = .constant
                continue
            }
            follow(node, at: index, opset: ordered.opset, failure: constants.failures[index])
        }
        graph.setOutputs(
            ordered.graph.outputs.map { output in
                if case .signal(let operand)? = values[output.name] { return (output.name, operand) }
                return (output.name, nil)
            })
    }

    /// Finds what a node's outputs are.
    private mutating func follow(_ node: Node, at index: Int, opset: Int, failure: RecognitionError?) {
        let inputs = node.inputs.map { $0.isEmpty ? nil : values[$0] }
        let call = NodeCall(node: node, index: index, inputs: inputs, opset: opset)
        do {
            if let failure { throw failure }
            for case .unreadable(let reason)? in inputs { throw reason }
            let first = graph.operations.count
            let results = try Self.rule(for: node, opset: opset)(&self, call)
            for (name, value) in zip(node.outputs, results) where !name.isEmpty {
                values[name] = value
                if case .signal(let operand) = value, operand.source >= first {
                    graph.setValue(GraphValue(name: name, view: operand.view), of: operand.source)
                }
            }
            let given = node.outputs.prefix(results.count).count { !$0.isEmpty }
            guard given == node.outputs.count(where: { !$0.isEmpty }) else {
                throw node.misfit("\(node.outputs.count) outputs", expected: "\(results.count)")
            }
            if results.allSatisfy({ if case .known = $0 { true } else { false } }) { idle[index] = .size }
        } catch {
            let reason =
                error as? RecognitionError
                ?? node.misfit("its constants can't be read: \(error)", expected: "readable constants")
            failures[index] = reason
            for output in node.outputs where !output.isEmpty { values[output] = .unreadable(reason) }
            // Whatever reads samples here stands in the way of those who follow them.
            let operands = inputs.compactMap { if case .signal(let operand)? = $0 { operand } else { nil } }
            if !operands.isEmpty {
                _ = graph.append(
                    Operation(kind: .other(reason), inputs: operands, shape: [], nodes: [index]))
            }
        }
    }

    mutating func require(samples: Int, for reason: String, at node: Node) {
        conditions.append(Condition(node: node.label, samples: samples, reason: reason))
    }

    mutating func mark(_ node: Int, as reason: Idle) { idle[node] = reason }

    /// The operation that computes an operand.
    func source(_ operand: Operand) -> Operation { graph.source(operand) }

    // MARK: Emitting

    /// The same elements after a node that only rearranges them.
    mutating func rearranged(_ operand: Operand, by call: NodeCall, to view: AxisView? = nil) -> Operand {
        graph.note(rearrangement: call.index, of: operand)
        return Operand(source: operand.source, view: view ?? operand.view, rearrangements: [call.index])
    }

    /// Adds an operation of a node, whose result has a new base of `shape`.
    mutating func emit(
        _ kind: Operation.Kind, _ inputs: [Operand], shape: [Extent], view: AxisView? = nil, of call: NodeCall,
        nodes: [Int]? = nil
    ) -> Operand {
        let view = view ?? AxisView(of: shape)
        let index = graph.append(
            Operation(kind: kind, inputs: inputs, shape: shape, nodes: nodes ?? [call.index]))
        return Operand(source: index, view: view)
    }

    /// Adds an operation that keeps the base's shape and the view of its first operand.
    mutating func emit(
        elementwise kind: Operation.Kind, _ inputs: [Operand], of call: NodeCall
    ) -> Operand {
        let first = inputs[0]
        return emit(
            kind, inputs, shape: source(first).shape, view: first.view, of: call)
    }

    /// The same elements as a base of its own, `[…, frames, channels]`, for operations on more than a part of an axis.
    mutating func materialized(_ operand: Operand, of call: NodeCall) throws -> Operand {
        var shape = try call.extents(of: operand)
        let rank = shape.count
        while shape.count < 3 { shape.insert(.one, at: 0) }
        let view = AxisView(axes: Array(AxisView(of: shape).axes.suffix(rank)))
        return emit(.rearrangement, [operand], shape: shape, view: view, of: call, nodes: [])
    }
}
