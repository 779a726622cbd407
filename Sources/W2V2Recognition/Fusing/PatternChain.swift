import ONNXLoader

/// The nodes that a pattern has matched so far. Values between them must be read by nothing else, or the pattern would
/// hide what the graph does with them.
struct PatternChain {
    let graph: SignalGraph
    /// What the pattern computes, for messages.
    let name: String
    private(set) var nodes: [Int] = []

    init(_ graph: SignalGraph, _ name: String, startingWith nodes: [Int]) {
        self.graph = graph
        self.name = name
        self.nodes = nodes
    }

    /// Takes the one node that reads `value`, which must be one of `operations`.
    mutating func next(after value: String, _ operations: Set<String>, expecting: String) throws -> Node {
        let readers = graph.readers(of: value)
        guard let first = readers.first, !graph.outputs.contains(value) else {
            throw misfit(producing: value, "its result leaves the graph or is not used", expected: expecting)
        }
        guard operations.contains(graph.nodes[first].qualifiedOperation) else {
            throw graph.nodes[first].misfit("inside of a \(name)", expected: expecting)
        }
        if let other = readers.first(where: { $0 != first }) {
            throw graph.nodes[other].misfit("reads a value inside of a \(name)", expected: "no other reader there")
        }
        take(first)
        return graph.nodes[first]
    }

    mutating func take(_ index: Int) {
        if !nodes.contains(index) { nodes.append(index) }
    }

    /// An error about the node that computes `value`.
    func misfit(producing value: String, _ found: String, expected: String) -> RecognitionError {
        let node = graph.producer(of: value).map { graph.nodes[$0] }
        return RecognitionError(node: node?.label, found: "\(found) (in a \(name))", expected: expected)
    }

    /// The fused node made of the chain.
    func fused(_ operation: FusedNode.Operation, inputs: [String], output: String) -> FusedNode {
        let ordered = nodes.sorted()
        return FusedNode(
            operation: operation, nodes: ordered, inputs: inputs, output: output,
            label: ordered.first.map { graph.label($0) } ?? name)
    }
}

extension Node {
    /// The input that is not `value`, of an operator with two inputs; nil if neither or both are `value`.
    func input(otherThan value: String) -> String? {
        guard inputs.count == 2, inputs[0] != inputs[1] else { return nil }
        return inputs[0] == value ? inputs[1] : inputs[1] == value ? inputs[0] : nil
    }
}
