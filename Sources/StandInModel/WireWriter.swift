/// Writes protobuf's wire format. A field's number in the schema is the first argument of every method.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 {
        case varint = 0
        case lengthDelimited = 2
        case fixed32 = 5
    }

    mutating func int(_ field: UInt64, _ value: Int) {
        key(field, .varint)
        // A negative number takes ten bytes: its two's complement in 64 bits.
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func float(_ field: UInt64, _ value: Float) {
        key(field, .fixed32)
        littleEndian(value.bitPattern)
    }

    mutating func string(_ field: UInt64, _ value: String) {
        bytes(field, Array(value.utf8))
    }

    mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
        lengthDelimited(field, byteCount: value.count)
        bytes.append(contentsOf: value)
    }

    mutating func message(_ field: UInt64, _ fields: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        fields(&inner)
        bytes(field, inner.bytes)
    }

    /// Begins a field of `byteCount` bytes. The caller writes them.
    mutating func lengthDelimited(_ field: UInt64, byteCount: Int) {
        key(field, .lengthDelimited)
        varint(UInt64(byteCount))
    }

    /// A number's bytes alone, without a key, least significant first.
    mutating func littleEndian(_ value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    private mutating func key(_ field: UInt64, _ type: WireType) {
        varint(field << 3 | type.rawValue)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

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
        let type: Int
        switch value {
        case .float(let value):
            float(2, value)  // f
            type = 1  // FLOAT
        case .int(let value):
            int(3, value)  // i
            type = 2  // INT
        case .tensor(let tensor):
            message(5) { $0.tensor(tensor, name: "") }  // t
            type = 4  // TENSOR
        case .ints(let values):
            for value in values {
                int(8, value)  // ints
            }
            type = 7  // INTS
        }
        int(20, type)  // type
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
