import ONNXInterpreter
import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Recognition

/// A graph of a few nodes on features that convolutions make of the signal.
///
/// It begins with the values `x` and `y`, `[1, frames, 6]`; `cx` is `x` with its axes as the convolution has them,
/// `[1, 6, frames]`, and `px` the mean of `x` over the frames, `[1, 6]`.
struct TinyGraph {
    static let channels = 6
    /// Of the signal that it is run on: 8 frames.
    static let samples = 17

    let opset: Int
    private(set) var nodes: [Node] = []
    private(set) var initializers: [String: Tensor] = [:]
    /// The nodes that make `x`, `y` and `px`.
    let preamble: Int

    init(opset: Int = 17) throws {
        self.opset = opset
        var graph = Bare(opset: opset)
        for name in ["x", "y"] {
            let weight = noise(Self.channels * 3, seed: name == "x" ? 11 : 12)
            graph.initializers["w\(name)"] = try Tensor(
                name: "w\(name)", shape: [Self.channels, 1, 3], floats: weight)
            graph.add("Conv", ["row", "w\(name)"], ["c\(name)"], ["strides": .ints([2])])
            graph.add("Transpose", ["c\(name)"], [name], ["perm": .ints([0, 2, 1])])
        }
        if opset < 18 {
            graph.add("ReduceMean", ["x"], ["px"], ["axes": .ints([1]), "keepdims": .int(0)])
        } else {
            graph.initializers["first"] = try Tensor(name: "first", shape: [1], integers: [1])
            graph.add("ReduceMean", ["x", "first"], ["px"], ["keepdims": .int(0)])
        }
        if opset < 13 {
            graph.nodes.insert(
                Node(operation: "Unsqueeze", inputs: ["signal"], outputs: ["row"], attributes: ["axes": .ints([1])]),
                at: 0)
        } else {
            graph.initializers["one"] = try Tensor(name: "one", shape: [1], integers: [1])
            graph.nodes.insert(Node(operation: "Unsqueeze", inputs: ["signal", "one"], outputs: ["row"]), at: 0)
        }
        nodes = graph.nodes
        initializers = graph.initializers
        preamble = nodes.count
    }

    private struct Bare {
        let opset: Int
        var nodes: [Node] = []
        var initializers: [String: Tensor] = [:]

        mutating func add(_ operation: String, _ inputs: [String], _ outputs: [String], _ more: [String: Attribute]) {
            nodes.append(Node(operation: operation, inputs: inputs, outputs: outputs, attributes: more))
        }
    }

    // MARK: Building

    /// Adds a node with one output, and returns its name. A name with a domain before it is of that domain.
    mutating func add(_ operation: String, _ inputs: String..., more: [String: Attribute] = [:]) -> String {
        add(operation, inputs, outputs: 1, more: more)[0]
    }

    /// Adds a node, and returns the names of its outputs.
    mutating func add(
        _ operation: String, _ inputs: [String], outputs: Int, more: [String: Attribute] = [:]
    ) -> [String] {
        let isMicrosoft = operation.hasPrefix("ms.")
        let names = (0..<outputs).map { "v\(nodes.count).\($0)" }
        nodes.append(
            Node(
                name: "n\(nodes.count)", operation: isMicrosoft ? String(operation.dropFirst(3)) : operation,
                domain: isMicrosoft ? "com.microsoft" : "", inputs: inputs, outputs: names, attributes: more))
        return names
    }

    /// Leaves out an output of a node.
    mutating func omit(_ output: String) {
        for index in nodes.indices { nodes[index].outputs = nodes[index].outputs.map { $0 == output ? "" : $0 } }
    }

    mutating func number(_ value: Float) throws -> String {
        try constant { try Tensor(name: $0, shape: [], floats: [value]) }
    }

    /// Numbers between -1 and 1, others for each constant.
    mutating func tensor(_ shape: Int...) throws -> String {
        let seed = UInt64(initializers.count)
        return try constant { try Tensor(name: $0, shape: shape, floats: noise(shape.reduce(1, *), seed: seed)) }
    }

    mutating func floats(_ values: [Float], shape: [Int]? = nil) throws -> String {
        try constant { try Tensor(name: $0, shape: shape ?? [values.count], floats: values) }
    }

    mutating func integers(_ values: Int...) throws -> String {
        try constant { try Tensor(name: $0, shape: [values.count], integers: values) }
    }

    mutating func integer(_ value: Int) throws -> String {
        try constant { try Tensor(name: $0, shape: [], integers: [value]) }
    }

    /// Whole numbers of 8 bits.
    mutating func bytes(_ values: [Int], _ type: ElementType, shape: [Int]) throws -> String {
        constant {
            Tensor(
                name: $0, elementType: type, shape: shape, elementCount: values.count,
                bytes: TensorBytes(values.map { UInt8(truncatingIfNeeded: $0) }))
        }
    }

    private mutating func constant(_ make: (String) throws -> Tensor) rethrows -> String {
        let name = "k\(initializers.count)"
        initializers[name] = try make(name)
        return name
    }

    // MARK: What becomes of it

    func model(_ outputs: [String]) -> ONNXModel {
        let graph = Graph(
            nodes: nodes, initializers: initializers,
            inputs: [ValueInfo(name: "signal", elementType: .float32, shape: [.fixed(1), .symbolic("time")])],
            outputs: outputs.map { ValueInfo(name: $0, elementType: .float32) })
        return ONNXModel(irVersion: 8, opsets: ["": opset, "com.microsoft": 1], graph: graph)
    }

    func lowered(_ outputs: [String]) throws -> Lowering {
        let ordered = try OrderedGraph(model(outputs))
        return try Lowering(of: ordered, constants: ConstantFolding(of: ordered))
    }

    /// The operations that make `x` and `y`, by what expressions call them.
    static func names(in graph: CanonicalGraph) -> [Int: String] {
        let convolutions = graph.operations.indices.filter {
            if case .convolution = graph[$0].kind { true } else { false }
        }
        return [convolutions[0]: "x", convolutions[1]: "y"]
    }
}
