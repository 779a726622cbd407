/// A constant tensor: `TensorProto`. Its elements stay where they are in the mapped file until they are asked for.
///
/// The number of elements always agrees with the shape, and the data with the number of elements: both were checked
/// when the tensor was made.
public struct Tensor: Sendable {
    public let name: String
    public let elementType: ElementType
    /// Row-major; empty for a scalar. Entries are 0 or more.
    public let shape: [Int]
    /// The product of `shape`: 1 for a scalar.
    public let elementCount: Int
    /// Where the elements are: little-endian, `elementType.byteSize` bytes each, `elementCount` of them.
    let bytes: TensorBytes
}

/// The bytes of a tensor: a view into a mapped file, or an array decoded from a field with one entry per element.
enum TensorBytes: Sendable {
    case mapped(MappedFile, Range<Int>)
    case decoded([UInt8])
}
