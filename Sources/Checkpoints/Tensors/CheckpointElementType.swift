/// What the elements of a checkpoint's tensor are.
package enum CheckpointElementType: Sendable, Hashable {
    case float32
    case float16
    case bfloat16
    /// A type whose elements are not read, and the size of one; a byte may hold several of the smallest.
    case other(name: String, bits: Int)

    /// The size of one element.
    package var bits: Int {
        switch self {
        case .float32: 32
        case .float16, .bfloat16: 16
        case .other(_, let bits): bits
        }
    }

    /// As messages put it.
    package var name: String {
        switch self {
        case .float32: "float32"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .other(let name, _): name
        }
    }

    /// The bytes that the elements of a shape take. Throws if a dimension is negative, if there are more elements or bytes
    /// than can be counted, or if the last byte is not whole.
    func byteCount(ofShape shape: [Int]) throws(CheckpointError) -> Int {
        guard shape.count <= CheckpointTensor.mostDimensions else {
            throw CheckpointError(.tooManyDimensions(shape.count, limit: CheckpointTensor.mostDimensions))
        }
        guard shape.allSatisfy({ $0 >= 0 }) else { throw CheckpointError(.negativeDimension(shape: shape)) }
        // A zero does not excuse an overflow: the result must not depend on the order of the dimensions.
        var bitCount = bits
        for size in shape where size > 0 {
            let (product, overflow) = bitCount.multipliedReportingOverflow(by: size)
            guard !overflow else { throw CheckpointError(.shapeOverflow(shape: shape)) }
            bitCount = product
        }
        if shape.contains(0) { return 0 }
        guard bitCount.isMultiple(of: 8) else { throw CheckpointError(.unevenBytes(shape: shape, type: name)) }
        return bitCount / 8
    }
}
