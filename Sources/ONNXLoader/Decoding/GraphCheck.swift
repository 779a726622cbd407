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
        let given = try checkNames(of: inputs, "input", offsets.inputs).union(initializers.keys)
        let defined = try namesDefined(given)
        try checkNodeInputs(defined)
        guard !outputs.isEmpty else { throw ONNXError(.missing("the graph's output"), field: "output") }
        _ = try checkNames(of: outputs, "output", offsets.outputs, among: defined)
        return isInOrder(given) ? nodes : try executionOrder().map { nodes[$0] }
    }

    // MARK: Names

    /// The names of the graph's inputs or outputs. Throws unless each has one of its own, which is one of `defined`.
    private func checkNames(
        of values: [ValueInfo], _ field: String, _ offsets: [Int], among defined: Set<String>? = nil
    ) throws(ONNXError) -> Set<String> {
        var names: Set<String> = []
        for (index, name) in values.map(\.name).enumerated() {
            let problem: ONNXError.Reason
            if name.isEmpty {
                problem = .missing("the name")
            } else if !names.insert(name).inserted {
                problem = .duplicateName(name)
            } else if let defined, !defined.contains(name) {
                problem = .undefinedOutput(name)
            } else {
                continue
            }
            throw ONNXError(problem, offset: offsets[index], field: "\(field)[\(index)].name")
        }
        return names
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
