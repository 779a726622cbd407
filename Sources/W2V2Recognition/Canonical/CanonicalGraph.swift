import ONNXLoader

/// The graph as operations of few kinds, which ``RewriteRule``s rewrite until only the network's own are left.
struct CanonicalGraph {
    private(set) var operations: [Operation] = []
    /// The graph's nodes, for messages.
    let nodes: [Node]
    /// The graph's outputs: by name, in order. Nil for one that does not depend on samples or could not be followed.
    private(set) var outputs: [(name: String, operand: Operand?)] = []
    /// Operations that a rewriting made part of others.
    private var absorbed: Set<Int> = []
    /// For operations that were taken out, the ones that stand for them.
    private var replacements: [Int: Int] = [:]
    /// For nodes that only rearrange a value, those that did before them.
    private var rearranged: [Int: [Int]] = [:]
    /// The operations that read each one, one entry for each time it is read.
    private var readers: [Int: [Int]] = [:]

    init(nodes: [Node]) {
        self.nodes = nodes
    }

    subscript(index: Int) -> Operation { operations[index] }

    /// Which operation computes an operand.
    func index(of operand: Operand) -> Int {
        var index = operand.source
        while let other = replacements[index] { index = other }
        return index
    }

    /// The operation that computes an operand.
    func source(_ operand: Operand) -> Operation { operations[index(of: operand)] }

    mutating func append(_ operation: Operation) -> Int {
        operations.append(operation)
        return operations.count - 1
    }

    mutating func setOutputs(_ outputs: [(name: String, operand: Operand?)]) { self.outputs = outputs }

    mutating func setValue(_ value: GraphValue, of index: Int) { operations[index].value = value }

    /// Notes that a node only rearranges what `operand` is.
    mutating func note(rearrangement node: Int, of operand: Operand) {
        rearranged[node] = operand.rearrangements
    }

    // MARK: Rewriting

    /// Puts another operation in the place of one: `absorbing` are those that it computes itself, and `successor` the one
    /// that its nodes are part of from now on.
    mutating func replace(
        _ index: Int, by kind: Operation.Kind, reading inputs: [Operand], absorbing: [Operand] = [],
        moving successor: Int? = nil
    ) {
        if let successor {
            let moved = operations[index]
            operations[successor].nodes += moved.nodes
            operations[successor].parts += moved.parts
            operations[successor].widen(by: moved.span)
            (operations[index].nodes, operations[index].parts, operations[index].span) = ([], [], nil)
        }
        operations[index].kind = kind
        operations[index].inputs = inputs
        for operand in absorbing { absorb(operand, into: index) }
    }

    /// Notes that an operation computes itself what another one, whose result it read as `operand`, did for it.
    mutating func absorb(_ operand: Operand, into index: Int) {
        let source = self.index(of: operand)
        absorbed.insert(source)
        operations[index].parts.append(
            Operand(source: source, view: operand.view, rearrangements: operand.rearrangements))
        operations[index].widen(by: operations[source].span)
    }

    /// Takes out an operation that changes nothing: what reads it reads its input, which also takes over its nodes and the
    /// name of its value.
    mutating func remove(_ index: Int) {
        guard let input = operations[index].inputs.first else { return }
        let source = self.index(of: input)
        operations[index].inputs = []
        operations[source].value = operations[index].value ?? operations[source].value
        absorb(Operand(source: index, view: input.view, rearrangements: input.rearrangements), into: source)
        replacements[index] = source
    }

    /// Leaves out what other operations compute themselves, and notes who reads what.
    mutating func settle() {
        for index in operations.indices {
            for place in operations[index].inputs.indices {
                operations[index].inputs[place].source = self.index(of: operations[index].inputs[place])
            }
        }
        for place in outputs.indices {
            guard let operand = outputs[place].operand else { continue }
            let source = self.index(of: operand)
            outputs[place].operand?.source = source
        }
        var isLive = operations.indices.map { !absorbed.contains($0) }
        for output in outputs { if let operand = output.operand { isLive[operand.source] = true } }
        // Absorbed operations may still be read by ones that are not.
        var pending = operations.indices.filter { isLive[$0] }
        while let index = pending.popLast() {
            for input in operations[index].inputs where !isLive[input.source] {
                isLive[input.source] = true
                pending.append(input.source)
            }
        }
        readers = [:]
        let live = operations.indices.filter { isLive[$0] }.sorted { order($0) < order($1) }
        for index in live {
            for input in operations[index].inputs { readers[input.source, default: []].append(index) }
        }
    }

    /// The operations that read the result of one, in the graph's order, one entry for each time that it is read.
    func readers(of index: Int) -> [Int] { readers[index] ?? [] }

    /// The names of the graph's outputs that an operation computes, in whatever order of axes.
    func outputNames(of index: Int) -> [String] {
        outputs.filter { $0.operand?.source == index }.map(\.name)
    }

    /// Whether other operations compute what this one did.
    func isAbsorbed(_ index: Int) -> Bool { absorbed.contains(index) }

    func isOutput(_ index: Int) -> Bool { outputs.contains { $0.operand?.source == index } }

    private func order(_ index: Int) -> Int { operations[index].span?.upperBound ?? 0 }

    /// The first of an operation's nodes, or the last of what it reads, as messages name it.
    func label(_ index: Int) -> String? {
        if let node = operations[index].span?.lowerBound { return nodes[node].label }
        return operations[index].inputs.first.flatMap { input in
            operations[self.index(of: input)].span.map { nodes[$0.upperBound].label }
        }
    }

    // MARK: Nodes

    /// The nodes of the graph that compute an operation, with those of its parts, ascending.
    func nodes(of index: Int) -> [Int] {
        var found: Set<Int> = []
        var seen: Set = [index]
        var pending = [index]
        while let place = pending.popLast() {
            found.formUnion(operations[place].nodes)
            for part in operations[place].parts {
                found.formUnion(rearrangements(of: part))
                if seen.insert(part.source).inserted { pending.append(part.source) }
            }
        }
        return found.sorted()
    }

    /// The nodes between an operation and the one that reads its result, which only rearrange it, ascending.
    func rearrangements(of operand: Operand) -> [Int] {
        var found: Set<Int> = []
        var pending = operand.rearrangements
        while let node = pending.popLast() {
            if found.insert(node).inserted { pending += rearranged[node] ?? [] }
        }
        return found.sorted()
    }
}

extension Operation {
    fileprivate mutating func widen(by other: ClosedRange<Int>?) {
        guard let other else { return }
        span = span.map { min($0.lowerBound, other.lowerBound)...max($0.upperBound, other.upperBound) } ?? other
    }
}
