import Testing

@testable import ONNXLoader
@testable import W2V2Network
@testable import W2V2Recognition

/// What the refusal tests do to a graph.
extension ONNXModel {
    func index(_ name: String) throws -> Int {
        try #require(graph.nodes.firstIndex { $0.name == name }, "no node '\(name)'")
    }

    func node(_ name: String) throws -> Node { graph.nodes[try index(name)] }

    mutating func edit(_ name: String, _ change: (inout Node) throws -> Void) throws {
        try change(&graph.nodes[try index(name)])
    }

    mutating func setAttribute(_ attribute: String, of name: String, to value: Attribute?) throws {
        try edit(name) { $0.attributes[attribute] = value }
    }

    /// Sets the value of a Constant node.
    mutating func setConstant(_ name: String, to value: Float) throws {
        try setAttribute("value", of: name, to: .tensor(try Tensor(name: name, shape: [], floats: [value])))
    }

    mutating func setConstant(_ name: String, to values: [Int]) throws {
        try setAttribute(
            "value", of: name, to: .tensor(try Tensor(name: name, shape: [values.count], integers: values)))
    }

    mutating func setInitializer(_ name: String, to value: Float) throws {
        graph.initializers[name] = try Tensor(name: name, shape: [], floats: [value])
    }

    mutating func setInitializer(_ name: String, to values: [Int], shape: [Int] = []) throws {
        graph.initializers[name] = try Tensor(name: name, shape: shape, integers: values)
    }

    /// Makes every reader of one value read another.
    mutating func redirect(_ value: String, to other: String) {
        for index in graph.nodes.indices {
            graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == value ? other : $0 }
        }
    }

    /// Removes a node; what read its output reads its first input that is not constant.
    mutating func bypass(_ name: String, reading value: String) throws {
        let node = graph.nodes.remove(at: try index(name))
        redirect(node.outputs[0], to: value)
    }

    /// Puts a node behind another: everything that read the other's output reads the new node's. Where the output is
    /// one of the graph's, the new node takes over its name.
    mutating func insert(
        _ operation: String, named name: String, after other: String, and operands: [String] = [],
        attributes: [String: Attribute] = [:]
    ) throws {
        let position = try index(other)
        let value = graph.nodes[position].outputs[0]
        var output = "\(name)_output"
        var input = value
        if graph.outputs.contains(where: { $0.name == value }) {
            (input, output) = ("\(value)_before", value)
            graph.nodes[position].outputs[0] = input
        } else {
            redirect(value, to: output)
        }
        graph.nodes.insert(
            Node(
                name: name, operation: operation, inputs: [input] + operands, outputs: [output], attributes: attributes),
            at: position + 1)
    }

    /// Adds a node whose result nothing reads.
    mutating func append(
        _ operation: String, named name: String, reading inputs: [String], attributes: [String: Attribute] = [:]
    ) {
        graph.nodes.append(
            Node(name: name, operation: operation, inputs: inputs, outputs: ["\(name)_output"], attributes: attributes))
    }
}
