// The messages of onnx.proto inside a graph, with its field numbers.
extension WireWriter {
    /// The two values of `TensorProto.DataType` that the graph uses.
    enum ElementType: Int {
        case float32 = 1
        case int64 = 7
    }

    enum Dimension {
        case fixed(Int)
        case symbolic(String)
    }

    /// The values of `AttributeProto.AttributeType` that the graph uses.
    private enum AttributeType: Int {
        case float = 1
        case int = 2
        case tensor = 4
        case ints = 7
    }

    /// `NodeProto`. Nodes are named after their operation and their place.
    mutating func node(_ node: GraphNode, index: Int, in graph: GraphDescription) {
        for input in node.inputs {
            string(1, graph.name(of: input))  // input
        }
        string(2, graph.name(of: node.output))  // output
        string(3, "\(node.operation)_\(index)")  // name
        string(4, node.operation)  // op_type
        for attribute in node.attributes {
            message(5) { $0.attribute(attribute.name, attribute.value) }  // attribute
        }
    }

    /// `AttributeProto`.
    private mutating func attribute(_ name: String, _ value: NodeAttribute) {
        string(1, name)  // name
        let type: AttributeType
        switch value {
        case .float(let value):
            float(2, value)  // f
            type = .float
        case .int(let value):
            int(3, value)  // i
            type = .int
        case .tensor(let tensor):
            message(5) { $0.tensor(tensor, name: "") }  // t
            type = .tensor
        case .ints(let values):
            for value in values {
                int(8, value)  // ints
            }
            type = .ints
        }
        int(20, type.rawValue)  // type
    }

    /// `TensorProto`, whole.
    mutating func tensor(_ tensor: SmallTensor, name: String) {
        var data = WireWriter()
        switch tensor {
        case .floatScalar(let value):
            tensorHeader(shape: [], elementType: .float32, name: name)
            data.littleEndian(value.bitPattern)
        case .int64Scalar(let value):
            tensorHeader(shape: [], elementType: .int64, name: name)
            data.littleEndian(Int64(value))
        case .int64Vector(let value):
            tensorHeader(shape: [1], elementType: .int64, name: name)
            data.littleEndian(Int64(value))
        }
        bytes(9, data.bytes)  // raw_data
    }

    /// The fields of `TensorProto` that come before its data.
    mutating func tensorHeader(shape: [Int], elementType: ElementType, name: String) {
        for size in shape {
            int(1, size)  // dims
        }
        int(2, elementType.rawValue)  // data_type
        if !name.isEmpty {
            string(8, name)  // name
        }
    }

    /// `ValueInfoProto` of a float32 tensor.
    mutating func valueInfo(_ name: String, _ shape: [Dimension]) {
        string(1, name)  // name
        message(2) { type in  // type
            type.message(1) { tensorType in  // tensor_type
                tensorType.int(1, ElementType.float32.rawValue)  // elem_type
                tensorType.message(2) { $0.dimensions(shape) }  // shape
            }
        }
    }

    /// The fields of `TensorShapeProto`.
    private mutating func dimensions(_ shape: [Dimension]) {
        for dimension in shape {
            message(1) { dim in  // dim
                switch dimension {
                case .fixed(let size): dim.int(1, size)  // dim_value
                case .symbolic(let name): dim.string(2, name)  // dim_param
                }
            }
        }
    }
}
