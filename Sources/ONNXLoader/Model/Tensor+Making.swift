// Tensors that don't come from a file, such as the results of constant folding. Each throws an ``ONNXError`` where the
// number of elements is not the product of the shape.

extension Tensor {
    /// A float32 tensor.
    public init(name: String = "", shape: [Int], floats: [Float]) throws(ONNXError) {
        try self.init(name, .float32, shape, elements: floats)
    }

    /// A float64 tensor.
    public init(name: String = "", shape: [Int], doubles: [Double]) throws(ONNXError) {
        try self.init(name, .float64, shape, elements: doubles)
    }

    /// An int64 tensor.
    public init(name: String = "", shape: [Int], integers: [Int]) throws(ONNXError) {
        try self.init(name, .int64, shape, elements: integers.map(Int64.init))
    }

    /// A tensor of booleans.
    public init(name: String = "", shape: [Int], booleans: [Bool]) throws(ONNXError) {
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
