extension Graph {
    /// The graph with its nodes in an order in which every input is defined before it is used. Throws where a name is
    /// missing, produced twice or never, or where nodes need each other's results.
    ///
    /// Nodes that are in such an order already keep it.
    func checked() throws(ONNXError) -> Graph {
        var defined = try namesGivenFromOutside()
        let given = defined
        for (index, node) in nodes.enumerated() {
            for (position, output) in node.outputs.enumerated() where !output.isEmpty {
                guard defined.insert(output).inserted else {
                    throw ONNXError(
                        .duplicateName(output), field: "graph.node[\(index)].output[\(position)]", subject: node.label)
                }
            }
        }
        for (index, node) in nodes.enumerated() {
            for (position, input) in node.inputs.enumerated() where !input.isEmpty && !defined.contains(input) {
                throw ONNXError(
                    .undefinedInput(input), field: "graph.node[\(index)].input[\(position)]", subject: node.label)
            }
        }
        try checkOutputs(defined)
        var graph = self
        if !isInOrder(given) { graph.nodes = try executionOrder().map { nodes[$0] } }
        return graph
    }

    private func namesGivenFromOutside() throws(ONNXError) -> Set<String> {
        var names = Set(initializers.keys)
        for (index, input) in inputs.enumerated() {
            guard !input.name.isEmpty else {
                throw ONNXError(.missing("the name"), field: "graph.input[\(index)].name")
            }
            guard names.insert(input.name).inserted else {
                throw ONNXError(.duplicateName(input.name), field: "graph.input[\(index)].name")
            }
        }
        return names
    }

    private func checkOutputs(_ defined: Set<String>) throws(ONNXError) {
        guard !outputs.isEmpty else { throw ONNXError(.missing("an output"), field: "graph.output") }
        var seen: Set<String> = []
        for (index, output) in outputs.enumerated() {
            let field = "graph.output[\(index)].name"
            guard !output.name.isEmpty else { throw ONNXError(.missing("the name"), field: field) }
            guard seen.insert(output.name).inserted else {
                throw ONNXError(.duplicateName(output.name), field: field)
            }
            guard defined.contains(output.name) else {
                throw ONNXError(.undefinedOutput(output.name), field: field)
            }
        }
    }

    private func isInOrder(_ given: Set<String>) -> Bool {
        var defined = given
        for node in nodes {
            guard node.inputs.allSatisfy({ $0.isEmpty || defined.contains($0) }) else { return false }
            defined.formUnion(node.outputs)
        }
        return true
    }

    /// The indices of the nodes, each after the nodes it needs and otherwise in the file's order.
    ///
    /// A depth-first walk that keeps its own stack, so that a long chain of nodes can't exhaust the thread's.
    private func executionOrder() throws(ONNXError) -> [Int] {
        var producers: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for output in node.outputs where !output.isEmpty { producers[output] = index }
        }
        enum Progress { case waiting, begun, done }
        var progress = Array(repeating: Progress.waiting, count: nodes.count)
        var order: [Int] = []
        order.reserveCapacity(nodes.count)
        for root in nodes.indices where progress[root] == .waiting {
            var walk = [(node: root, nextInput: 0)]
            progress[root] = .begun
            while let (index, input) = walk.last {
                guard input < nodes[index].inputs.count else {
                    progress[index] = .done
                    order.append(index)
                    walk.removeLast()
                    continue
                }
                walk[walk.count - 1].nextInput += 1
                guard let producer = producers[nodes[index].inputs[input]] else { continue }
                switch progress[producer] {
                case .done: continue
                case .begun: throw cycle(walk.map(\.node), from: producer)
                case .waiting:
                    progress[producer] = .begun
                    walk.append((producer, 0))
                }
            }
        }
        return order
    }

    /// The error for a walk that came back to one of its own nodes.
    private func cycle(_ walk: [Int], from first: Int) -> ONNXError {
        let mostNodesNamed = 8
        let members = walk.drop { $0 != first }
        var labels = members.prefix(mostNodesNamed).map { nodes[$0].label }
        if members.count > mostNodesNamed { labels.append("…") }
        labels.append(nodes[first].label)
        return ONNXError(.cycle(nodes: labels), field: "graph.node[\(first)]", subject: nodes[first].label)
    }
}
