// The elements of a tensor, in row-major order.

extension Tensor {
    /// The elements as Float. The 16-bit types widen exactly, booleans are 0 and 1, and wider numbers are rounded to
    /// the nearest Float. Throws if a finite number is beyond the range of Float.
    package func floats() throws(ONNXError) -> [Float] {
        switch elementType {
        case .float32: return bytes.elements()
        case .float64:
            var floats: [Float] = []
            floats.reserveCapacity(elementCount)
            for double in bytes.elements(as: Double.self) {
                let float = Float(double)
                guard float.isFinite || !double.isFinite else { throw notConvertible("\(double)", to: "Float") }
                floats.append(float)
            }
            return floats
        case .float16: return bytes.elements(as: Float16.self).map { Float($0) }
        case .bfloat16: return bytes.elements(as: UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
        case .bool: return bytes.elements(as: UInt8.self).map { $0 == 0 ? 0 : 1 }
        case .uint8: return bytes.elements(as: UInt8.self).map { Float($0) }
        case .int8: return bytes.elements(as: Int8.self).map { Float($0) }
        case .uint16: return bytes.elements(as: UInt16.self).map { Float($0) }
        case .int16: return bytes.elements(as: Int16.self).map { Float($0) }
        case .uint32: return bytes.elements(as: UInt32.self).map { Float($0) }
        case .int32: return bytes.elements(as: Int32.self).map { Float($0) }
        case .uint64: return bytes.elements(as: UInt64.self).map { Float($0) }
        case .int64: return bytes.elements(as: Int64.self).map { Float($0) }
        }
    }

    /// Some of the elements as Float: those of `range`, which is within ``elementCount``.
    package func floats(in range: Range<Int>) throws(ONNXError) -> [Float] { try elements(in: range).floats() }

    /// Some of the elements as Double: those of `range`, which is within ``elementCount``.
    package func doubles(in range: Range<Int>) throws(ONNXError) -> [Double] { try elements(in: range).doubles() }

    private func elements(in range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements \(range) of \(elementCount)")
        let size = elementType.byteSize
        return Tensor(
            name: name, elementType: elementType, shape: [range.count], elementCount: range.count,
            bytes: bytes[range.lowerBound * size..<range.upperBound * size])
    }

    /// The elements as Double: exact, except that 64-bit integers are rounded to the nearest Double.
    package func doubles() throws(ONNXError) -> [Double] {
        switch elementType {
        case .float64: return bytes.elements()
        case .uint64: return bytes.elements(as: UInt64.self).map { Double($0) }
        case .int64: return bytes.elements(as: Int64.self).map { Double($0) }
        case .uint32: return bytes.elements(as: UInt32.self).map { Double($0) }
        case .int32: return bytes.elements(as: Int32.self).map { Double($0) }
        case .float32, .float16, .bfloat16, .bool, .uint8, .int8, .uint16, .int16:
            return try floats().map { Double($0) }
        }
    }

    /// The elements of an integer or boolean tensor as Int; booleans are 0 and 1. Throws for floating-point elements,
    /// and if an unsigned 64-bit element is beyond the range of Int.
    package func integers() throws(ONNXError) -> [Int] {
        switch elementType {
        case .int64: return bytes.elements(as: Int64.self).map { Int($0) }
        case .int32: return bytes.elements(as: Int32.self).map { Int($0) }
        case .int16: return bytes.elements(as: Int16.self).map { Int($0) }
        case .int8: return bytes.elements(as: Int8.self).map { Int($0) }
        case .uint32: return bytes.elements(as: UInt32.self).map { Int($0) }
        case .uint16: return bytes.elements(as: UInt16.self).map { Int($0) }
        case .uint8: return bytes.elements(as: UInt8.self).map { Int($0) }
        case .bool: return bytes.elements(as: UInt8.self).map { $0 == 0 ? 0 : 1 }
        case .uint64:
            var integers: [Int] = []
            integers.reserveCapacity(elementCount)
            for element in bytes.elements(as: UInt64.self) {
                guard let integer = Int(exactly: element) else { throw notConvertible("\(element)", to: "Int") }
                integers.append(integer)
            }
            return integers
        case .float32, .float64, .float16, .bfloat16: throw notConvertible("", to: "integers")
        }
    }

    /// The elements of a boolean tensor. Throws for other element types.
    package func booleans() throws(ONNXError) -> [Bool] {
        guard elementType == .bool else { throw notConvertible("", to: "booleans") }
        return bytes.elements(as: UInt8.self).map { $0 != 0 }
    }

    private func notConvertible(_ value: String, to target: String) -> ONNXError {
        ONNXError(
            .notConvertible(elementType: elementType, value: value, target: target), subject: "tensor '\(name)'")
    }
}
