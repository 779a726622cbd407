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
        lengthDelimited(field, byteCount: value.utf8.count)
        bytes.append(contentsOf: value.utf8)
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
