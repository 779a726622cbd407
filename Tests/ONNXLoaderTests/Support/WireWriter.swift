/// Writes protobuf fields, also ones that no well-behaved writer would write.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ more: [UInt8]) { bytes += more }

    mutating func tag(_ field: Int, wireType: Int) { append(varint: UInt64(field) << 3 | UInt64(wireType)) }

    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func varint(_ field: Int, _ value: Int) {
        tag(field, wireType: 0)
        append(varint: UInt64(bitPattern: Int64(value)))
    }

    mutating func fixed32(_ field: Int, _ value: UInt32) {
        tag(field, wireType: 5)
        bytes += value.littleEndianBytes
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        tag(field, wireType: 1)
        bytes += value.littleEndianBytes
    }

    mutating func bytes(_ field: Int, _ content: [UInt8]) {
        tag(field, wireType: 2)
        append(varint: UInt64(content.count))
        bytes += content
    }

    mutating func string(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

    mutating func message(_ field: Int, _ build: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        build(&inner)
        bytes(field, inner.bytes)
    }

    mutating func packedVarints(_ field: Int, _ values: [UInt64]) {
        var inner = WireWriter()
        for value in values { inner.append(varint: value) }
        bytes(field, inner.bytes)
    }
}

extension FixedWidthInteger {
    var littleEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }
}

extension [Float] {
    var littleEndianBytes: [UInt8] { flatMap(\.bitPattern.littleEndianBytes) }
}
