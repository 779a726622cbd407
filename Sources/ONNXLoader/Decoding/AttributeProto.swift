extension Attribute {
    /// Decodes `AttributeProto`.
    static func decode(_ reader: inout WireReader) throws(ONNXError) -> (name: String, attribute: Attribute) {
        try reader.charge(MemoryCost.attribute)
        let header = try AttributeHeader(decoding: reader)
        return (header.name, try decodeValue(header, reader))
    }

    /// Decodes the value. Only one of the fields that hold values is present: the header has checked that. A number or
    /// string that is left out is 0 or empty, as writers in protobuf's third syntax leave them out.
    private static func decodeValue(_ header: AttributeHeader, _ reader: WireReader) throws(ONNXError) -> Attribute {
        var reader = reader
        var float: Float = 0
        var int: Int64 = 0
        var string = ""
        var tensor: Tensor?
        var floats: [Float] = []
        var ints: [Int64] = []
        var strings: [String] = []
        if header.type == .ints {
            try reader.charge(header.count * MemoryLayout<Int64>.stride, "ints")
            ints.reserveCapacity(header.count)
        }
        while let number = try reader.next() {
            switch number {
            case 2: float = try reader.float("f")
            case 3: int = Int64(try reader.integer("i"))
            case 4: string = try reader.text("s")
            case 5:
                guard tensor == nil else { throw reader.failure(.givenTwice("the tensor"), "t") }
                tensor = try reader.message("t", Tensor.init(decoding:))
            case 7:
                let range = try reader.fixedWidthNumbers("floats", width: 4)
                try reader.charge(2 * range.count, "floats")
                floats += reader.source.file.elements(in: range, as: Float.self)
            case 8: try reader.varints("ints") { ints.append(Int64(bitPattern: $0)) }
            case 9:
                try reader.charge(MemoryCost.reference, "strings")
                strings.append(try reader.text("strings"))
            default: try reader.skip()
            }
        }
        switch header.type {
        case .float: return .float(float)
        case .int: return .int(int)
        case .string: return .string(string)
        case .tensor:
            guard let tensor else { throw reader.failure(.missing("the tensor"), "t") }
            return .tensor(tensor)
        case .floats: return .floats(floats)
        case .ints: return .ints(ints)
        case .strings: return .strings(strings)
        case .graph, .graphs, .tensors, .sparseTensor, .sparseTensors, .typeProto, .typeProtos:
            throw reader.failure(
                .unsupported(
                    "the attribute '\(header.name)' of type \(header.type.proto.name)",
                    instead: "attributes are numbers, strings, lists of them, and single tensors"))
        }
    }
}

/// What an attribute says about its value before the value is read.
private struct AttributeHeader {
    var name = ""
    var type: AttributeType
    /// How many values there are in the field for the type.
    var count = 0

    init(decoding reader: WireReader) throws(ONNXError) {
        var reader = reader
        var declared: AttributeType?
        var found: AttributeType?
        while let number = try reader.next() {
            switch number {
            case 1: name = try reader.name("name")
            case 20:
                let number = try reader.integer("type")
                guard number != 0 else { continue }
                declared = AttributeType(rawValue: number)
                guard declared != nil else {
                    throw reader.failure(.outOfRange(value: "\(number)", expected: "an attribute type"), "type")
                }
            case 21:
                guard try reader.bytes("ref_attr_name").isEmpty else {
                    throw reader.failure(
                        .unsupported("a reference to a function's attribute", instead: "export with functions inlined"),
                        "ref_attr_name")
                }
            default:
                guard let type = AttributeType.byField[number] else {
                    try reader.skip()
                    continue
                }
                if let found, found != type {
                    throw reader.failure(.dataGivenTwice(found.proto.field, type.proto.field), type.proto.field)
                }
                found = type
                if type == .ints {
                    count += try reader.countOfVarints(type.proto.field)
                } else {
                    count += 1
                    try reader.skip()
                }
            }
        }
        guard !name.isEmpty else { throw reader.failure(.missing("the name"), "name") }
        if let declared, let field = found?.proto.field, declared != found {
            throw reader.failure(.attributeMismatch(attribute: name, type: declared.proto.name, field: field), field)
        }
        // Format version 1 declares no types.
        guard let type = declared ?? found else {
            throw reader.failure(.missing("the type of the attribute '\(name)'"), "type")
        }
        self.type = type
    }
}

/// `AttributeProto.AttributeType`.
private enum AttributeType: Int, CaseIterable {
    case float = 1
    case int = 2
    case string = 3
    case tensor = 4
    case graph = 5
    case floats = 6
    case ints = 7
    case strings = 8
    case tensors = 9
    case graphs = 10
    case sparseTensor = 11
    case sparseTensors = 12
    case typeProto = 13
    case typeProtos = 14

    /// The name onnx.proto gives the type, and the field of `AttributeProto` that its values are in.
    var proto: (name: String, number: Int, field: String) {
        switch self {
        case .float: ("FLOAT", 2, "f")
        case .int: ("INT", 3, "i")
        case .string: ("STRING", 4, "s")
        case .tensor: ("TENSOR", 5, "t")
        case .graph: ("GRAPH", 6, "g")
        case .floats: ("FLOATS", 7, "floats")
        case .ints: ("INTS", 8, "ints")
        case .strings: ("STRINGS", 9, "strings")
        case .tensors: ("TENSORS", 10, "tensors")
        case .graphs: ("GRAPHS", 11, "graphs")
        case .sparseTensor: ("SPARSE_TENSOR", 22, "sparse_tensor")
        case .sparseTensors: ("SPARSE_TENSORS", 23, "sparse_tensors")
        case .typeProto: ("TYPE_PROTO", 14, "tp")
        case .typeProtos: ("TYPE_PROTOS", 15, "type_protos")
        }
    }

    /// The type by the number of its values' field.
    static let byField = Dictionary(uniqueKeysWithValues: allCases.map { ($0.proto.number, $0) })
}
