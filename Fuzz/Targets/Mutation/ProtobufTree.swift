/// A protobuf message as a tree of fields, as far as ONNX nests them.
struct ProtobufTree {
    struct Field {
        var number: Int
        var wireType: Int
        /// Of a varint.
        var value: UInt64 = 0
        /// Of any other field that isn't a message.
        var bytes: [UInt8] = []
        /// Of a message.
        var children: [Field]?
    }

    var fields: [Field]

    /// The messages' fields that are messages themselves, by number.
    private static let schema: [String: [Int: String]] = [
        "model": [7: "graph", 8: "operator set", 14: "entry"],
        "graph": [1: "node", 5: "tensor", 11: "value", 12: "value", 13: "value"],
        "node": [5: "attribute"],
        "attribute": [5: "tensor"],
        "value": [2: "type"], "type": [1: "tensor type"], "tensor type": [2: "shape"], "shape": [1: "dimension"],
        "tensor": [13: "entry"],
    ]

    /// Nil if the bytes aren't a message.
    init?(_ bytes: [UInt8]) {
        guard let fields = Self.fields(of: bytes[...], "model"), !fields.isEmpty else { return nil }
        self.fields = fields
    }

    var encoded: [UInt8] { Self.encoded(fields) }

    private static func fields(of bytes: ArraySlice<UInt8>, _ message: String) -> [Field]? {
        var fields: [Field] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let tag = varint(&rest) else { return nil }
            var field = Field(number: Int(tag >> 3), wireType: Int(tag & 7))
            switch field.wireType {
            case 0:
                guard let value = varint(&rest) else { return nil }
                field.value = value
            case 1, 2, 5:
                guard let length = field.wireType == 2 ? varint(&rest) : field.wireType == 1 ? 8 : 4,
                    length <= UInt64(rest.count)
                else { return nil }
                let content = rest.prefix(Int(length))
                rest = rest.dropFirst(Int(length))
                if let inner = schema[message]?[field.number], let children = Self.fields(of: content, inner) {
                    field.children = children
                } else {
                    field.bytes = Array(content)
                }
            default: return nil
            }
            fields.append(field)
        }
        return fields
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private static func encoded(_ fields: [Field]) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: UInt64) {
            var value = value
            while value >= 0x80 {
                bytes.append(UInt8(value & 0x7F) | 0x80)
                value >>= 7
            }
            bytes.append(UInt8(value))
        }
        for field in fields {
            append(UInt64(field.number) << 3 | UInt64(field.wireType))
            if field.wireType == 0 {
                append(field.value)
            } else {
                let content = field.children.map(encoded) ?? field.bytes
                if field.wireType == 2 { append(UInt64(content.count)) }
                bytes += content
            }
        }
        return bytes
    }
}
