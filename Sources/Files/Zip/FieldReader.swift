/// An error that can say that bytes end before a field does.
package protocol TruncationError: Error {
    /// A part, such as "header", needs more bytes than are left.
    static func truncated(part: String, needed: Int, found: Int) -> Self
}

/// Reads little-endian fields one after another, never past the end.
package struct FieldReader<Failure: TruncationError> {
    private let bytes: [UInt8]
    package private(set) var position: Int
    /// What the bytes are, for the message if they end too early.
    private let part: String

    package init(_ bytes: [UInt8], at position: Int = 0, part: String) {
        self.bytes = bytes
        self.position = position
        self.part = part
    }

    package var remaining: Int { bytes.count - position }

    package mutating func read<Value: FixedWidthInteger>(_: Value.Type) throws(Failure) -> Value {
        try read(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    package mutating func read(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw .truncated(part: part, needed: count, found: max(0, remaining)) }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
