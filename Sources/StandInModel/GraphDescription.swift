/// A graph as the exporter would write it, before its values have names.
struct GraphDescription {
    /// The trained parameters that keep their names, in the order of the module.
    let parameters: [(name: String, tensor: WeightTensor)]
    /// In execution order.
    let nodes: [GraphNode]
    /// What the exporter made by constant folding: transposed weights and the parts of shapes. By folded number.
    let foldedConstants: [(number: Int, contents: FoldedConstant)]
    /// The number after that of the last value, where the folded constants' names begin.
    let valueCount: Int
    /// The number of logits.
    let outputs: Int

    /// The name that a value has in the file.
    func name(of value: ValueName) -> String {
        switch value {
        case .named(let name): name
        case .value(let number): String(number)
        case .folded(let number): String(valueCount + number)
        }
    }
}

/// What a node reads or writes.
enum ValueName: Hashable {
    /// A graph input, a graph output or a parameter.
    case named(String)
    /// An intermediate value, which the exporter names by its number.
    case value(Int)
    /// A folded constant, numbered from 0; the exporter's numbers for them follow those of the values.
    case folded(Int)
}

struct GraphNode {
    let operation: String
    let inputs: [ValueName]
    let output: ValueName
    /// In alphabetical order, as the exporter writes them.
    let attributes: [(name: String, value: NodeAttribute)]
}

enum NodeAttribute {
    case int(Int)
    case float(Float)
    case ints([Int])
    case tensor(SmallTensor)
}

/// The value of a `Constant` node, or a part of a shape.
enum SmallTensor {
    case floatScalar(Float)
    case int64Scalar(Int)
    /// One element, shape `[1]`.
    case int64Vector(Int)
}

enum FoldedConstant {
    case weights(WeightTensor)
    case small(SmallTensor)
}

/// The shape of a float32 tensor and what its elements are drawn from.
struct WeightTensor {
    let shape: [Int]
    let distribution: WeightDistribution

    var elementCount: Int { shape.reduce(1, *) }
    var byteCount: Int { elementCount * MemoryLayout<Float>.size }
}

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
