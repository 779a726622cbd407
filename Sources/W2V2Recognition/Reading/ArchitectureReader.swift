import ONNXLoader
import W2V2Network

/// Reads a canonical graph in forward order against the architecture, and keeps account of what each node is in it.
///
/// Every step takes the one operation that may follow, or throws: there is no way past an operation that is not
/// understood. Operations are named by their index in the graph.
struct ArchitectureReader {
    let graph: CanonicalGraph
    /// What each node taken so far is.
    private(set) var roles: [Int: (module: String, operation: String)] = [:]
    /// The operations taken so far.
    private(set) var operations: [RecognizedOperation] = []
    private(set) var stageValues: [Stage: StageValue] = [:]
    /// The parameters of the layers taken so far, in forward order.
    var parameters: [NamedParameter] = []

    init(_ graph: CanonicalGraph) {
        self.graph = graph
    }

    /// Takes the one operation that reads the result of another, which the account calls `role` or by its own name. The
    /// result must not be an output of the graph unless it `mayBeOutput`.
    ///
    /// `match` says what to make of the operation; nil if it is not the one that belongs here.
    mutating func take<Payload>(
        after index: Int, in module: String, expecting expected: String, as role: String? = nil,
        mayBeOutput: Bool = false, _ match: (Operation.Kind) -> Payload?
    ) throws -> (index: Int, payload: Payload) {
        let readers = graph.readers(of: index)
        guard let first = readers.first else {
            throw RecognitionError(
                node: graph.label(index), module: module, found: "its result is not used",
                expected: "\(expected) after it")
        }
        if !mayBeOutput, let name = graph.outputNames(of: index).first {
            throw RecognitionError(
                node: graph.label(index), module: module, found: "its result '\(name)' is an output of the graph",
                expected: "only \(expected) after it")
        }
        for reader in readers where match(graph[reader].kind) == nil {
            throw misfit(reader, in: module, expected: expected)
        }
        guard readers.count == 1, let payload = match(graph[first].kind) else {
            throw misfit(readers[1], in: module, "reads what something else reads too", expected: "one \(expected)")
        }
        try claim(first, as: role, in: module)
        return (first, payload)
    }

    /// Notes what the nodes of an operation are, and those that rearrange what it reads.
    mutating func claim(_ index: Int, as role: String? = nil, in module: String) throws {
        let operation = graph[index]
        if case .other(let reason?) = operation.kind { throw reason.reading(module) }
        for operand in operation.inputs { claimRearrangements(of: operand, in: module) }
        let nodes = graph.nodes(of: index)
        guard !nodes.isEmpty else { return }
        for node in nodes { roles[node] = (module, role ?? operation.name) }
        operations.append(
            RecognizedOperation(module: module, operation: role ?? operation.name, nodes: nodes))
    }

    /// Notes that the nodes between an operation and what reads it belong to `module`.
    mutating func claimRearrangements(of operand: Operand, in module: String) {
        for node in graph.rearrangements(of: operand) where roles[node] == nil {
            let isQuantization = graph.nodes[node].operation.lowercased().hasSuffix("quantizelinear")
            let name = isQuantization ? "Quantization" : "Rearrangement"
            roles[node] = (module, name)
            operations.append(RecognizedOperation(module: module, operation: name, nodes: [node]))
        }
    }

    /// Notes the value of the graph that carries a stage's state, if there is one.
    mutating func note(_ index: Int, as stage: Stage) {
        guard let value = graph[index].value else { return }
        let axes = value.view.axes.filter { !$0.isEmpty }
        let base = AxisView(of: graph[index].shape).axes.filter { !$0.isEmpty }
        if axes == base {
            stageValues[stage] = StageValue(name: value.name, layout: .timeMajor)
        } else if axes == base.reversed() {
            stageValues[stage] = StageValue(name: value.name, layout: .channelMajor)
        }
    }

    /// An error about an operation; the reason why it could not be understood, if there is one.
    func misfit(
        _ index: Int, in module: String, _ found: String? = nil, expected: String
    ) -> RecognitionError {
        if case .other(let reason?) = graph[index].kind { return reason.reading(module) }
        if found == nil, let reason = graph.reason(nearest: index) { return reason.reading(module) }
        return RecognitionError(
            node: graph.label(index), module: module, found: found ?? "out of place", expected: expected)
    }

    /// The shape of what an operation computes.
    func shape(of index: Int) -> [Extent] { graph[index].shape }
}

extension Operation.Kind {
    var asLayerNorm: LayerNorm? { if case .layerNorm(let norm) = self { norm } else { nil } }
    var asLinear: LinearParameters? { if case .linear(let parameters) = self { parameters } else { nil } }
    var asGELU: Void? { if case .gelu = self { () } else { nil } }
    var asTanh: Void? { if case .tanh = self { () } else { nil } }
    var asSum: Void? { if case .sum = self { () } else { nil } }
    var mayBeSum: Bool {
        switch self {
        case .sum, .other(.some): true
        default: false
        }
    }
    var asProduct: Void? { if case .product = self { () } else { nil } }
    var asScale: Scalar? { if case .scale(let number) = self { number } else { nil } }
    var asConvolution: (parameters: ConvolutionParameters, settings: ConvolutionSettings)? {
        if case .convolution(let parameters, let settings) = self { (parameters, settings) } else { nil }
    }
}
