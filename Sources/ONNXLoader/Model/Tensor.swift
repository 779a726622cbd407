/// A constant tensor: `TensorProto`. Its elements stay where they are in the mapped file until they are asked for.
///
/// The number of elements always agrees with the shape, and the data with the number of elements: both were checked
/// when the tensor was made.
public struct Tensor: Sendable {
    /// How many dimensions a shape may have.
    static let mostDimensions = 32

    public let name: String
    public let elementType: ElementType
    /// Row-major; empty for a scalar. Entries are 0 or more.
    public let shape: [Int]
    /// The product of `shape`: 1 for a scalar.
    public let elementCount: Int
    /// Where the elements are: little-endian, `elementType.byteSize` bytes each, `elementCount` of them.
    let bytes: TensorBytes

    /// A tensor whose shape and bytes were checked.
    init(name: String, elementType: ElementType, shape: [Int], elementCount: Int, bytes: TensorBytes) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.elementCount = elementCount
        self.bytes = bytes
    }

    /// The same tensor under another name.
    public func named(_ name: String) -> Tensor {
        Tensor(name: name, elementType: elementType, shape: shape, elementCount: elementCount, bytes: bytes)
    }

    /// Lets the memory of the file's pages go that hold only this tensor's elements. They are read again from the file
    /// when they are next asked for.
    public func releasePages() {
        if case .mapped(let file, let range) = bytes { file.releasePages(in: range) }
    }

    /// The product of a shape. Throws where a dimension is negative, or where the elements or their bytes are more
    /// than can be counted.
    static func elementCount(ofShape shape: [Int], _ elementType: ElementType) throws(ONNXError) -> Int {
        guard shape.count <= mostDimensions else { throw ONNXError(.tooManyDimensions(limit: mostDimensions)) }
        guard shape.allSatisfy({ $0 >= 0 }) else { throw ONNXError(.negativeDimension(shape: shape)) }
        // A zero does not excuse an overflow: the result must not depend on the order of the dimensions.
        var bytes = elementType.byteSize
        for size in shape where size > 0 {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
            guard !overflow else { throw ONNXError(.shapeOverflow(shape: shape)) }
            bytes = product
        }
        return shape.contains(0) ? 0 : bytes / elementType.byteSize
    }
}
