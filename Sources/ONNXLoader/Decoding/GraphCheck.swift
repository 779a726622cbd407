/// Checks that the names in a decoded graph fit together, and puts its nodes in an order that can be executed.
struct GraphCheck {
    let nodes: [Node]
    let initializers: [String: Tensor]
    /// With the initializers that older exporters list as inputs too.
    let inputs: [ValueInfo]
    let outputs: [ValueInfo]
    let offsets: Offsets

    /// Where the parts of the graph are in the file, in the order of the arrays.
    struct Offsets {
        var nodes: [Int] = []
        var inputs: [Int] = []
        var outputs: [Int] = []
    }

    /// The nodes in an order in which every input is defined before it is used. Nodes that are in such an order already
    /// keep it. Throws if a name is missing, produced twice or never, or if nodes need each other's results.
    func orderedNodes() throws(ONNXError) -> [Node] {
        let given = try namesFromOutside()
        let defined = try namesDefined(given)
        try checkNodeInputs(defined)
        try checkOutputs(defined)
        return isInOrder(given) ? nodes : try executionOrder().map { nodes[$0] }
    }

    // MARK: Names

    private func namesFromOutside() throws(ONNXError) -> Set<String> {
        var names: Set<String> = []
        for (index, input) in inputs.enumerated() {
            let place = (field: "input[\(index)].name", offset: offsets.inputs[index])
            guard !input.name.isEmpty else {
                throw ONNXError(.missing("the name"), offset: place.offset, field: place.field)
            }
            guard names.insert(input.name).inserted else {
                throw ONNXError(.duplicateName(input.name), offset: place.offset, field: place.field)
            }
        }
        return names.union(initializers.keys)
    }

    private func namesDefined(_ given: Set<String>) throws(ONNXError) -> Set<String> {
        var names = given
        for (index, node) in nodes.enumerated() {
            for (position, output) in node.outputs.enumerated() where !output.isEmpty {
                guard names.insert(output).inserted else {
                    throw failure(.duplicateName(output), node: index, "output[\(position)]")
                }
            }
        }
        return names
    }

    private func checkNodeInputs(_ defined: Set<String>) throws(ONNXError) {
        for (index, node) in nodes.enumerated() {
            for (position, input) in node.inputs.enumerated() where !input.isEmpty && !defined.contains(input) {
                throw failure(.undefinedInput(input), node: index, "input[\(position)]")
            }
        }
    }

    private func checkOutputs(_ defined: Set<String>) throws(ONNXError) {
        guard !outputs.isEmpty else { throw ONNXError(.missing("the graph's output"), field: "output") }
        var seen: Set<String> = []
        for (index, output) in outputs.enumerated() {
            let problem: ONNXError.Reason
            if output.name.isEmpty {
                problem = .missing("the name")
            } else if !seen.insert(output.name).inserted {
                problem = .duplicateName(output.name)
            } else if !defined.contains(output.name) {
                problem = .undefinedOutput(output.name)
            } else {
                continue
            }
            throw ONNXError(problem, offset: offsets.outputs[index], field: "output[\(index)].name")
        }
    }

    private func failure(_ reason: ONNXError.Reason, node index: Int, _ part: String) -> ONNXError {
        ONNXError(reason, offset: offsets.nodes[index], field: "node[\(index)].\(part)", subject: nodes[index].label)
    }

    // MARK: Order

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
                case .begun: throw cycle(walk.map(\.node), closedBy: input, at: producer)
                case .waiting:
                    progress[producer] = .begun
                    walk.append((producer, 0))
                }
            }
        }
        return order
    }

    /// The error for a walk whose last node reads, as its `input`, the result of a node the walk came from.
    private func cycle(_ walk: [Int], closedBy input: Int, at first: Int) -> ONNXError {
        let mostNodesNamed = 8
        let members = walk.drop { $0 != first }
        var labels = members.prefix(mostNodesNamed).map { nodes[$0].label }
        if members.count > mostNodesNamed { labels.append("…") }
        labels.append(nodes[first].label)
        return failure(.cycle(nodes: labels), node: members.last ?? first, "input[\(input)]")
    }
}
