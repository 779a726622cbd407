/// Bytes of small models, whole or with something wrong in them.
enum SyntheticModel {
    /// A model around a graph.
    static func model(_ graph: (inout WireWriter) -> Void) -> [UInt8] {
        var model = WireWriter()
        model.varint(1, 8)
        model.string(2, "tests")
        model.message(7, graph)
        model.message(8) { $0.varint(2, 17) }
        return model.bytes
    }

    /// A model that copies its input `x` to its output `y`, with more in its graph.
    static func identity(and more: (inout WireWriter) -> Void = { _ in }) -> [UInt8] {
        model { graph in
            graph.node("Identity", ["x"], ["y"])
            graph.valueInfo(11, "x", dimensions: [.name("time")])
            graph.valueInfo(12, "y", dimensions: [.name("time")])
            more(&graph)
        }
    }

    /// The identity with one node more, which has the attribute `value`.
    static func attribute(named name: String = "value", _ attribute: (inout WireWriter) -> Void) -> [UInt8] {
        identity { graph in
            graph.node("Thing", ["x"], ["z"], name: "thing") { node in
                node.message(5) { message in
                    message.string(1, name)
                    attribute(&message)
                }
            }
        }
    }

    /// The identity with the initializer `w`.
    static func tensor(type: Int?, dims: [Int], _ data: (inout WireWriter) -> Void = { _ in }) -> [UInt8] {
        identity { $0.tensor(5, "w", type: type, dims: dims, data) }
    }
}

/// A dimension of a declared shape.
enum Dimension {
    case size(Int)
    case name(String)
}

extension WireWriter {
    /// A `NodeProto` in a graph.
    mutating func node(
        _ operation: String, _ inputs: [String], _ outputs: [String], name: String = "",
        _ more: (inout WireWriter) -> Void = { _ in }
    ) {
        message(1) { node in
            for input in inputs { node.string(1, input) }
            for output in outputs { node.string(2, output) }
            if !name.isEmpty { node.string(3, name) }
            node.string(4, operation)
            more(&node)
        }
    }

    /// A `TensorProto`: field 5 in a graph or in an attribute.
    mutating func tensor(
        _ field: Int, _ name: String, type: Int?, dims: [Int], _ data: (inout WireWriter) -> Void = { _ in }
    ) {
        message(field) { tensor in
            for size in dims { tensor.varint(1, size) }
            if let type { tensor.varint(2, type) }
            tensor.string(8, name)
            data(&tensor)
        }
    }

    /// A `ValueInfoProto` of a float tensor: field 11 or 12 in a graph.
    mutating func valueInfo(_ field: Int, _ name: String, type: Int = 1, dimensions: [Dimension] = []) {
        message(field) { info in
            info.string(1, name)
            info.message(2) { proto in
                proto.message(1) { tensor in
                    tensor.varint(1, type)
                    tensor.message(2) { shape in
                        for dimension in dimensions {
                            shape.message(1) {
                                switch dimension {
                                case .size(let size): $0.varint(1, size)
                                case .name(let name): $0.string(2, name)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// An entry of a tensor's `external_data`.
    mutating func external(_ key: String, _ value: String) {
        message(13) {
            $0.string(1, key)
            $0.string(2, value)
        }
    }
}
