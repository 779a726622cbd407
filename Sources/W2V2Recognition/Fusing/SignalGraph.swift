import ONNXLoader

/// The nodes that compute with samples: the graph without its constants, its sizes and what changes nothing.
///
/// Values that are equal for every signal (an Identity's input and output, scores before and after a mask of zeros is
/// added) go by one name.
struct SignalGraph {
    /// The graph's nodes, with inputs and outputs by their one name.
    let nodes: [Node]
    let shapes: ShapeResolution
    let opset: Int
    /// The nodes that compute with samples, in order.
    private(set) var active: [Int] = []
    /// What the nodes are that take no part in the computation.
    private(set) var idle: [Int: Idle] = [:]
    /// The graph's outputs by their one name, in order.
    let outputs: [String]
    private var producers: [String: Int] = [:]
    private var readers: [String: [Int]] = [:]

    enum Idle: String {
        case constant = "constant"
        case size = "size arithmetic"
        case identity = "identity"
        case emptyMask = "mask that masks nothing"
        case flattening = "flattening that is undone"
    }

    init(_ graph: OrderedGraph, constants: ConstantFolding, shapes: ShapeResolution) {
        var names: [String: String] = [:]
        var renamed: [Node] = []
        for (index, original) in graph.graph.nodes.enumerated() {
            var node = original
            node.inputs = original.inputs.map { names[$0] ?? $0 }
            renamed.append(node)
            if constants.nodes.contains(index) {
                idle[index] = .constant
            } else if shapes.plumbing.contains(index) {
                idle[index] = .size
            } else if let (value, reason) = Self.unchanged(node, original, shapes: shapes),
                let output = node.soleOutput,
                reason != .flattening || !graph.graph.outputs.contains(where: { $0.name == output })
            {
                names[output] = value
                idle[index] = reason
            } else {
                active.append(index)
                for output in node.outputs where !output.isEmpty { producers[output] = index }
                for input in node.inputs { readers[input, default: []].append(index) }
            }
        }
        nodes = renamed
        outputs = graph.graph.outputs.map { names[$0.name] ?? $0.name }
        self.shapes = shapes
        opset = graph.opset
    }

    /// A node with the facts of its inputs.
    func call(_ index: Int) throws -> OperatorCall {
        let node = nodes[index]
        let inputs = try node.inputs.map { $0.isEmpty ? nil : try shapes.facts(of: $0) }
        return OperatorCall(node: node, inputs: inputs, opset: opset)
    }

    /// The node that computes a value; nil for the signal, constants and sizes.
    func producer(of value: String) -> Int? { producers[value] }

    /// The nodes that compute with a value, one entry for each time it is read.
    func readers(of value: String) -> [Int] { readers[value] ?? [] }

    func label(_ index: Int) -> String { nodes[index].label }

    /// The constant of that name; nil for values that are not constant.
    func constant(_ value: String) -> Constant? {
        guard let facts = try? shapes.facts(of: value), case .constant(let constant) = facts.content else { return nil }
        return constant
    }

    /// Whether a value depends on the samples. One that could not be resolved may.
    func dependsOnSamples(_ value: String) -> Bool {
        guard !value.isEmpty, let facts = try? shapes.facts(of: value) else { return !value.isEmpty }
        return !facts.isIndependentOfSamples
    }

    /// The number of that name; nil for values that are not constants with a single element.
    func scalar(_ value: String) throws -> Double? { try constant(value)?.scalar() }

    /// The input that a node passes on unchanged, whatever the signal.
    private static func unchanged(_ node: Node, _ original: Node, shapes: ShapeResolution) -> (String, Idle)? {
        if node.qualifiedOperation == "Identity", node.inputs.count == 1 { return (node.inputs[0], .identity) }
        if ["Flatten", "Reshape"].contains(node.qualifiedOperation), let source = original.inputs.first,
            let output = node.soleOutput, let before = try? shapes.facts(of: source),
            let after = try? shapes.facts(of: output), before.isFlattened != after.isFlattened
        {
            return (node.inputs[0], .flattening)
        }
        guard node.qualifiedOperation == "Add", node.inputs.count == 2, let output = node.soleOutput,
            let sum = try? shapes.facts(of: output)
        else { return nil }
        for (value, mask) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
            guard case .uniform(0) = (try? shapes.facts(of: mask))?.content,
                let facts = try? shapes.facts(of: value), facts.shape == sum.shape
            else { continue }
            return (value, .emptyMask)
        }
        return nil
    }
}
