/// Finds where the fields of a well-formed model begin, for tests that damage it there.
struct FieldScanner {
    /// The beginning of a field.
    struct Boundary {
        var offset: Int
        /// The messages the field is in, outermost first.
        var enclosing: [Enclosing]
    }

    /// A message with its length on the wire.
    struct Enclosing {
        var lengthOffset: Int
        /// How many bytes the length takes.
        var lengthWidth: Int
        var contentOffset: Int
    }

    /// Messages by kind: the fields that hold messages, and of which kind.
    private static let schema: [String: [UInt64: String]] = [
        "model": [7: "graph", 8: "leaf", 14: "leaf"],
        "graph": [1: "node", 5: "tensor", 11: "info", 12: "info", 13: "info"],
        "node": [5: "attribute"],
        "attribute": [5: "tensor"],
        "tensor": [13: "leaf"],
        "info": [2: "type"],
        "type": [1: "tensorType"],
        "tensorType": [2: "shape"],
        "shape": [1: "leaf"],
        "leaf": [:],
    ]

    private let bytes: [UInt8]
    private(set) var boundaries: [Boundary] = []
    /// The ranges of `raw_data` content, which says nothing about the structure.
    private(set) var rawData: [Range<Int>] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        scan("model", 0..<bytes.count, [])
    }

    private mutating func scan(_ kind: String, _ range: Range<Int>, _ enclosing: [Enclosing]) {
        var position = range.lowerBound
        while position < range.upperBound {
            boundaries.append(Boundary(offset: position, enclosing: enclosing))
            let tag = varint(&position)
            switch tag & 7 {
            case 0: _ = varint(&position)
            case 1: position += 8
            case 5: position += 4
            default:
                let lengthOffset = position
                let length = Int(varint(&position))
                let content = position..<position + length
                if let inner = Self.schema[kind]?[tag >> 3] {
                    let message = Enclosing(
                        lengthOffset: lengthOffset, lengthWidth: position - lengthOffset, contentOffset: position)
                    scan(inner, content, enclosing + [message])
                } else if kind == "tensor", tag >> 3 == 9 {
                    rawData.append(content)
                }
                position = content.upperBound
            }
        }
    }

    private func varint(_ position: inout Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}

extension FieldScanner.Enclosing {
    /// The bytes of another length, in as many bytes as the message's length takes: a varint may be padded.
    func lengthBytes(_ length: Int) -> [UInt8] {
        (0..<lengthWidth).map { index in
            UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7F | (index == lengthWidth - 1 ? 0 : 0x80)
        }
    }
}
