/// Collects nodes and gives their values the numbers that the exporter would.
///
/// The TorchScript exporter numbers every value of its own graph, also those that constant folding then removes. So
/// that names agree with a real export, the numbers of removed values are skipped.
struct GraphBuilder {
    private(set) var nodes: [GraphNode] = []
    private(set) var foldedConstants: [(number: Int, contents: FoldedConstant)] = []
    private(set) var nextValue: Int
    private var nextFolded = 0

    init(firstValue: Int) {
        nextValue = firstValue
    }

    /// Adds a node. Its output gets the next number, or the given name in that number's place.
    @discardableResult
    mutating func add(
        _ operation: String, _ inputs: [ValueName], _ attributes: [(name: String, value: NodeAttribute)] = [],
        output name: String? = nil
    ) -> ValueName {
        let output = name.map(ValueName.named) ?? .value(nextValue)
        nextValue += 1
        nodes.append(GraphNode(operation: operation, inputs: inputs, output: output, attributes: attributes))
        return output
    }

    /// Adds a `Constant` node.
    mutating func constant(_ tensor: SmallTensor) -> ValueName {
        add("Constant", [], [("value", .tensor(tensor))])
    }

    /// Adds an initializer that stands for `replacedValues` values of the exporter's graph. `unusedNumbers` folded
    /// constants that only led up to it come before it.
    mutating func folded(_ contents: FoldedConstant, replacing replacedValues: Int, after unusedNumbers: Int = 0)
        -> ValueName
    {
        skipValues(replacedValues)
        nextFolded += unusedNumbers
        defer { nextFolded += 1 }
        foldedConstants.append((nextFolded, contents))
        return .folded(nextFolded)
    }

    /// Passes over the numbers of values that folding removed.
    mutating func skipValues(_ count: Int) {
        nextValue += count
    }
}
