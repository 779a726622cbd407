import ONNXLoader
import W2V2Network

/// Reads a fused graph in forward order against the architecture, and keeps account of what each node is in it.
///
/// Every step takes the one operation that may follow, or throws: there is no way past an operation that is not
/// understood.
struct ArchitectureReader {
    let graph: FusedGraph
    /// What each node taken so far is.
    private(set) var roles: [Int: (module: String, operation: String)] = [:]
    /// The operations taken so far.
    private(set) var operations: [RecognizedOperation] = []
    var stageValues: [Stage: StageValue] = [:]
    /// The parameters of the layers taken so far, in forward order.
    var parameters: [NamedParameter] = []

    init(_ graph: FusedGraph) {
        self.graph = graph
    }

    /// Takes the one operation that reads `value`, which the account calls `role` or by its own name.
    ///
    /// `match` says what to make of the operation; nil if it is not the one that belongs here.
    mutating func take<Payload>(
        after value: String, in module: String, expecting expected: String, as role: String? = nil,
        _ match: (FusedNode.Operation) -> Payload?
    ) throws -> (node: FusedNode, payload: Payload) {
        let readers = graph.readers(of: value)
        guard let first = readers.first else {
            throw RecognitionError(
                node: graph.producer(of: value)?.label, module: module, found: "its result is not used",
                expected: "\(expected) after it")
        }
        guard !graph.outputs.contains(value) else {
            throw RecognitionError(
                node: graph.producer(of: value)?.label, module: module,
                found: "its result '\(value)' is an output of the graph", expected: "only \(expected) after it")
        }
        for reader in readers where match(reader.operation) == nil {
            throw misfit(reader, in: module, expected: expected)
        }
        guard readers.count == 1, let payload = match(first.operation) else {
            throw misfit(readers[1], in: module, "reads what something else reads too", expected: "one \(expected)")
        }
        try claim(first, as: role, in: module)
        return (first, payload)
    }

    /// Notes what the nodes of an operation are. Throws if the shape of its result could not be determined.
    mutating func claim(_ node: FusedNode, as role: String? = nil, in module: String) throws {
        if let failure = graph.shapes.failure(of: node.output) { throw failure.reading(module) }
        for index in node.nodes { roles[index] = (module, role ?? node.name) }
        operations.append(RecognizedOperation(module: module, operation: role ?? node.name, nodes: node.nodes))
    }

    /// An error about an operation; the reason why it could not be understood, if there is one.
    func misfit(
        _ node: FusedNode, in module: String, _ found: String = "out of place", expected: String
    ) -> RecognitionError {
        if let reason = graph.misfit(of: node) { return reason.reading(module) }
        return RecognitionError(node: node.label, module: module, found: found, expected: expected)
    }

    /// The shape of a value of the graph.
    func shape(of value: String) throws -> [Extent] { try graph.shapes.facts(of: value).shape }

    /// Takes the rearrangements that make `value` into `expected`, a view of it, beginning with `first` where `value`
    /// has other readers.
    mutating func rearrange(
        _ value: String, startingWith first: FusedNode? = nil, to expected: AxisView, in module: String,
        expecting text: String
    ) throws -> String {
        var current = value
        var view = AxisView(of: try shape(of: value))
        var start: FusedNode?
        while view != expected {
            let node: FusedNode
            if start == nil, let first {
                node = first
                try claim(first, as: "Rearrangement", in: module)
            } else if let start, !graph.readers(of: current).contains(where: { $0.isRearrangement }) {
                throw misfit(start, in: module, "axes in another order or of another size", expected: text)
            } else {
                node = try take(after: current, in: module, expecting: text, as: "Rearrangement") {
                    $0.isRearrangement ? () : nil
                }.node
            }
            start = start ?? node
            guard let next = try rearranged(view, by: node) else {
                throw misfit(node, in: module, "elements that mix axes", expected: text)
            }
            view = next
            current = node.output
        }
        return current
    }

    /// The view after one rearrangement; nil if elements of one axis would be mixed with those of another.
    func rearranged(_ view: AxisView, by node: FusedNode) throws -> AxisView? {
        switch node.operation {
        case .transpose(let permutation): view.transposed(permutation)
        case .reshape(let shape): view.reshaped(to: shape)
        default: nil
        }
    }
}

extension FusedNode.Operation {
    var isRearrangement: Bool {
        switch self {
        case .transpose, .reshape: true
        default: false
        }
    }

    var asLayerNorm: FusedNode.LayerNorm? { if case .layerNorm(let norm) = self { norm } else { nil } }
    var asLinear: LinearParameters? { if case .linear(let parameters) = self { parameters } else { nil } }
    var asGELU: Void? { if case .gelu = self { () } else { nil } }
    var asTanh: Void? { if case .tanh = self { () } else { nil } }
    var asSum: Void? { if case .sum = self { () } else { nil } }
    var asConvolution: (parameters: ConvolutionParameters, settings: ConvolutionSettings)? {
        if case .convolution(let parameters, let settings) = self { (parameters, settings) } else { nil }
    }
}

extension FusedNode {
    var isRearrangement: Bool { operation.isRearrangement }
}
