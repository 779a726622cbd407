/// Reads little-endian fields one after another, never past the end.
struct FieldReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    /// What the bytes are, for the message if they end too early.
    private let part: String

    init(_ bytes: [UInt8], at position: Int = 0, part: String) {
        self.bytes = bytes
        self.position = position
        self.part = part
    }

    var remaining: Int { bytes.count - position }

    mutating func read<Value: FixedWidthInteger>(_: Value.Type) throws(NumPyError.Reason) -> Value {
        try read(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    mutating func read(_ count: Int) throws(NumPyError.Reason) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw .truncated(part: part, needed: count, found: max(0, remaining)) }
        defer { position += count }
        return bytes[position..<position + count]
    }
}

package func littleEndianBytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<MemoryLayout<Value>.size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// The elements of an array as they lie in memory, made little-endian.
package func littleEndianBytes<Value: FixedWidthInteger>(of values: [Value]) -> [UInt8] {
    let stored = 1.littleEndian == 1 ? values : values.map(\.littleEndian)
    return stored.withUnsafeBytes { Array($0) }
}

/// The same for float32, without a second copy of what may be large.
package func littleEndianBytes(of values: [Float]) -> [UInt8] {
    1.littleEndian == 1 ? values.withUnsafeBytes { Array($0) } : littleEndianBytes(of: values.map(\.bitPattern))
}
