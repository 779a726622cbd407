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
        default: return wholeNumbers()
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
        case .float32, .float16, .bfloat16: return try floats().map { Double($0) }
        default: return wholeNumbers()
        }
    }

    /// The elements of an integer or boolean tensor as Int; booleans are 0 and 1. Throws for floating-point elements,
    /// and if an unsigned 64-bit element is beyond the range of Int.
    package func integers() throws(ONNXError) -> [Int] {
        guard !elementType.isFloatingPoint else { throw notConvertible("", to: "integers") }
        if elementType == .uint64, let tooLarge = bytes.elements(as: UInt64.self).first(where: { $0 > Int.max }) {
            throw notConvertible("\(tooLarge)", to: "Int")
        }
        return wholeNumbers()
    }

    /// The elements of a boolean tensor. Throws for other element types.
    package func booleans() throws(ONNXError) -> [Bool] {
        guard elementType == .bool else { throw notConvertible("", to: "booleans") }
        return bytes.elements(as: UInt8.self).map { $0 != 0 }
    }

    /// The elements of an integer or boolean tensor, all of which must be in the range of `Number`.
    private func wholeNumbers<Number: IntegerConvertible>() -> [Number] {
        switch elementType {
        case .bool: bytes.elements(as: UInt8.self).map { Number($0 == 0 ? 0 : 1) }
        case .uint8: bytes.elements(as: UInt8.self).map { Number($0) }
        case .int8: bytes.elements(as: Int8.self).map { Number($0) }
        case .uint16: bytes.elements(as: UInt16.self).map { Number($0) }
        case .int16: bytes.elements(as: Int16.self).map { Number($0) }
        case .uint32: bytes.elements(as: UInt32.self).map { Number($0) }
        case .int32: bytes.elements(as: Int32.self).map { Number($0) }
        case .uint64: bytes.elements(as: UInt64.self).map { Number($0) }
        case .int64: bytes.elements(as: Int64.self).map { Number($0) }
        case .float32, .float64, .float16, .bfloat16: preconditionFailure("\(elementType) elements are not integers")
        }
    }

    private func notConvertible(_ value: String, to target: String) -> ONNXError {
        ONNXError(
            .notConvertible(elementType: elementType, value: value, target: target), subject: "tensor '\(name)'")
    }
}

/// A type of numbers with the standard library's conversion from any integer.
private protocol IntegerConvertible {
    init<Source: BinaryInteger>(_ source: Source)
}

extension Float: IntegerConvertible {}
extension Double: IntegerConvertible {}
extension Int: IntegerConvertible {}
