import ONNXLoader

/// A graph in which every value has one origin, before the nodes that read it, in operators of known meaning.
struct OrderedGraph {
    let graph: Graph
    let opset: Int
    /// How many elements the file stores: those of its constants, but no more than its bytes can hold, as tensors may share
    /// external data.
    let storedElementCount: Int

    /// The operator sets whose operators recognition knows the meaning of.
    static let opsets = 11...23

    init(_ model: ONNXModel) throws {
        graph = model.graph
        opset = model.opset
        let counted = graph.initializers.values.reduce(0.0) { $0 + Double($1.elementCount) }
        let most = model.fileSize > 0 ? model.fileSize : 1 << 48
        storedElementCount = Int(min(counted, Double(most)))
        // Later ones have not been looked at; earlier ones differ (Slice by attributes, for one).
        guard Self.opsets.contains(opset) else {
            throw RecognitionError(
                node: nil, found: "operator set \(opset)",
                expected: "one of \(Self.opsets.lowerBound) to \(Self.opsets.upperBound); "
                    + "export it again with one of these as opset_version")
        }
        var known = Set(graph.inputs.map(\.name)).union(graph.initializers.keys)
        for node in graph.nodes {
            if let missing = node.inputs.first(where: { !$0.isEmpty && !known.contains($0) }) {
                throw RecognitionError(
                    node: node.label, found: "input '\(missing)' comes from nowhere",
                    expected: "a graph input, an initializer or an earlier node's output")
            }
            for output in node.outputs where !output.isEmpty {
                guard known.insert(output).inserted else {
                    throw RecognitionError(
                        node: node.label, found: "output '\(output)' exists already", expected: "a name of its own")
                }
            }
        }
    }
}
