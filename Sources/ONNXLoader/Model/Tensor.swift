/// A constant tensor: `TensorProto`. Its elements stay where they are in the mapped file until they are asked for.
///
/// The number of elements always agrees with the shape, and the data with the number of elements: both were checked
/// when the tensor was made.
package struct Tensor: Sendable {
    /// How many dimensions a shape may have.
    static let mostDimensions = 32

    package let name: String
    package let elementType: ElementType
    /// Row-major; empty for a scalar. Entries are 0 or more.
    package let shape: [Int]
    /// The product of `shape`: 1 for a scalar.
    package let elementCount: Int
    /// Where the elements are: little-endian, `elementType.byteSize` bytes each, `elementCount` of them.
    let bytes: TensorBytes

    /// The same tensor under another name.
    package func named(_ name: String) -> Tensor {
        Tensor(name: name, elementType: elementType, shape: shape, elementCount: elementCount, bytes: bytes)
    }

    /// Takes the file's pages that hold only this tensor's elements out of memory. They are read again from the file when
    /// they are next needed.
    package func releasePages() {
        if case .mapped(let file, let range) = bytes { file.releasePages(in: range) }
    }

    /// The product of a shape. Throws if a dimension is negative, or if the elements or their bytes are more than can be
    /// counted.
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

/// The element types of `TensorProto.DataType` that this loader reads, with the numbers onnx.proto gives them.
package enum ElementType: Int, Sendable, Hashable {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float16 = 10
    case float64 = 11
    case uint32 = 12
    case uint64 = 13
    case bfloat16 = 16

    /// The size of one element in `raw_data` and in external data, in bytes.
    package var byteSize: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .float32, .int32, .uint32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Whether elements are floating-point numbers.
    package var isFloatingPoint: Bool {
        [.float32, .float16, .float64, .bfloat16].contains(self)
    }
}

// MARK: Tensors that don't come from a file

extension Tensor {
    /// A float32 tensor. As with the other types, throws if the number of elements is not the product of the shape.
    package init(name: String = "", shape: [Int], floats: [Float]) throws(ONNXError) {
        try self.init(name, .float32, shape, elements: floats)
    }

    /// A float64 tensor.
    package init(name: String = "", shape: [Int], doubles: [Double]) throws(ONNXError) {
        try self.init(name, .float64, shape, elements: doubles)
    }

    /// An int64 tensor.
    package init(name: String = "", shape: [Int], integers: [Int]) throws(ONNXError) {
        try self.init(name, .int64, shape, elements: integers.map(Int64.init))
    }

    /// A tensor of booleans.
    package init(name: String = "", shape: [Int], booleans: [Bool]) throws(ONNXError) {
        try self.init(name, .bool, shape, elements: booleans.map { UInt8($0 ? 1 : 0) })
    }

    private init<Element: BitwiseCopyable>(
        _ name: String, _ elementType: ElementType, _ shape: [Int], elements: [Element]
    ) throws(ONNXError) {
        do throws(ONNXError) {
            let count = try Self.elementCount(ofShape: shape, elementType)
            guard elements.count == count else {
                throw ONNXError(
                    .sizeMismatch(shape: shape, expected: count, found: elements.count, unit: "elements"))
            }
            self.init(
                name: name, elementType: elementType, shape: shape, elementCount: count, bytes: TensorBytes(elements))
        } catch {
            throw error.about("tensor '\(name)'")
        }
    }
}
