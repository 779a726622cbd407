import Files

/// A block of a packed model, in the mapped file itself. It stays mapped while this is alive, with or without the
/// ``PackedModelFile`` that it came from.
package struct MappedBlock: Sendable {
    /// How its numbers are stored, such as `float32`.
    package let format: String
    /// One or more.
    package let byteCount: Int
    /// Points to `byteCount` bytes, at a multiple of 4096 from the start of the map; the rest of their last 4096 bytes is
    /// zero and may be read as well. Valid while this value, or a copy of it, is alive.
    ///
    /// Sendable without the compiler's proof: the memory is mapped to be read only, so no thread can write to it.
    nonisolated(unsafe) package let base: UnsafeRawPointer
    private let mapping: MappedFile
    private let range: Range<Int>

    /// What keeps the bytes mapped.
    package var owner: some AnyObject & Sendable { mapping }

    /// - Precondition: The mapping holds the bytes in the range, which begins at a multiple of four.
    init(_ mapping: MappedFile, bytes: Range<Int>, format: String) {
        self.format = format
        byteCount = bytes.count
        base = UnsafeRawPointer(mapping.pointer(in: bytes, as: UInt8.self))
        self.mapping = mapping
        range = bytes
    }

    /// Takes its pages out of this process's memory until they are read again.
    package func releasePages() { mapping.releasePages(in: range) }

    /// Lends the bytes to `body`. The pointer must not leave it.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(mapping) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }
}
