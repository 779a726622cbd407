/// A graph as the exporter would write it, before its values have names.
struct GraphDescription {
    /// The trained parameters that keep their names, in the order of the module.
    var parameters: [Parameter]
    /// In execution order.
    var nodes: [GraphNode]
    /// What the exporter made by constant folding: transposed weights and the parts of shapes. By folded number.
    var foldedConstants: [(number: Int, contents: FoldedConstant)]
    /// The number after that of the last value, where the folded constants' names begin.
    var valueCount: Int
    /// The number of logits.
    var outputs: Int

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
    /// A folded constant, numbered from 0; the exporter's numbers for them go on where the values' end.
    case folded(Int)
}

struct GraphNode {
    var operation: String
    var inputs: [ValueName]
    var output: ValueName
    /// In alphabetical order, as the exporter writes them.
    var attributes: [(name: String, value: NodeAttribute)]
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

/// A tensor of trained parameters.
struct Parameter {
    var name: String
    var tensor: WeightTensor
}

enum FoldedConstant {
    case weights(WeightTensor)
    case small(SmallTensor)
}

/// The shape of a float32 tensor and what its elements are drawn from.
struct WeightTensor {
    var shape: [Int]
    var distribution: WeightDistribution

    var elementCount: Int { shape.reduce(1, *) }
    var byteCount: Int { elementCount * MemoryLayout<Float>.size }
}
