/// The floats of a block, in the mapped file itself. They stay mapped while this is alive, with or without the
/// ``PackedModelFile`` that it came from.
public struct MappedFloats: Sendable {
    /// One or more.
    public let count: Int
    /// Points to `count` floats, at a multiple of 4096 bytes from the start of the map; the rest of their last 4096
    /// bytes is zero and may be read as well. Valid while this value, or a copy of it, is alive.
    ///
    /// Sendable without the compiler's proof: the memory is mapped to be read only, so no thread can write to it.
    nonisolated(unsafe) public let base: UnsafePointer<Float>
    private let mapping: FileMapping
    private let range: Range<Int>

    /// What keeps them mapped.
    public var owner: some AnyObject & Sendable { mapping }

    /// - Precondition: The mapping holds the bytes in the range, which begins at a multiple of four.
    init(_ mapping: FileMapping, bytes: Range<Int>) {
        count = bytes.count / MemoryLayout<Float>.stride
        base = mapping.floats(in: bytes)
        self.mapping = mapping
        range = bytes
    }

    /// Takes their pages out of this process's memory until they are read again.
    public func letPagesGo() { mapping.letPagesGo(in: range) }

    /// Lends the floats to `body`. The pointer must not leave it.
    public func withUnsafeBufferPointer<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(mapping) {} }
        return try body(UnsafeBufferPointer(start: base, count: count))
    }

    public subscript(index: Int) -> Float {
        precondition(index >= 0 && index < count, "float \(index) of \(count)")
        return withUnsafeBufferPointer { $0[index] }
    }
}
