/// One of the fields of a `TensorProto` that hold its elements as protobuf numbers. They are packed or stand one by one,
/// in one run or several.
struct NumberField {
    /// The field's number in `TensorProto`.
    let number: Int
    let name: String
    /// In bytes, of little-endian numbers; nil for varints.
    let width: Int?
    /// How many numbers the field holds, in all its runs.
    private(set) var count = 0
    /// Where the first number is, from the start of the file.
    private(set) var offset: Int?
    private(set) var runs = 0

    /// The field that elements of a type are in. Small types share `int32_data`; the 16-bit floating-point types have
    /// their bit patterns there.
    private static func name(for type: ElementType) -> String {
        switch type {
        case .float32: "float_data"
        case .int32, .int16, .int8, .uint16, .uint8, .bool, .float16, .bfloat16: "int32_data"
        case .int64: "int64_data"
        case .float64: "double_data"
        case .uint32, .uint64: "uint64_data"
        }
    }

    /// Counts the numbers of a run of the field, and skips it.
    mutating func measure(_ reader: inout WireReader) throws(ONNXError) {
        let start = reader.position
        if let width {
            count += try reader.fixedWidthNumbers(name, width: width).count / width
        } else {
            count += try reader.countOfVarints(name)
        }
        offset = offset ?? start
        runs += 1
    }

    /// The elements: a view into the file if they stand there as they are, else decoded. `reader` is at the start
    /// of the `TensorProto`.
    func bytes(
        ofShape shape: [Int], count expected: Int, _ type: ElementType, _ reader: WireReader
    ) throws(ONNXError) -> TensorBytes {
        guard name == Self.name(for: type) else {
            throw ONNXError(
                .wrongDataField(found: name, expected: Self.name(for: type), elementType: type), offset: offset,
                field: name)
        }
        guard count == expected else {
            throw ONNXError(
                .sizeMismatch(shape: shape, expected: expected, found: count, unit: "elements"), offset: offset,
                field: name)
        }
        if let width { return try fixedWidthBytes(width, reader) }
        return .decoded(try varintBytes(type, reader))
    }

    private func fixedWidthBytes(_ width: Int, _ reader: WireReader) throws(ONNXError) -> TensorBytes {
        let file = reader.source.file
        var decoded: [UInt8] = []
        if runs > 1 {
            try reader.charge(count * width, name)
            decoded.reserveCapacity(count * width)
        }
        var reader = reader
        while try reader.next(number) {
            let range = try reader.fixedWidthNumbers(name, width: width)
            if runs == 1 { return .mapped(file, range) }
            decoded += file.elements(in: range, as: UInt8.self)
        }
        return .decoded(decoded)
    }

    private func varintBytes(_ type: ElementType, _ reader: WireReader) throws(ONNXError) -> [UInt8] {
        let validRange = Self.validRange(of: type)
        var decoded: [UInt8] = []
        try reader.charge(count * type.byteSize, name)
        decoded.reserveCapacity(count * type.byteSize)
        var reader = reader
        while try reader.next(number) {
            let offset = reader.position
            try reader.varints(name) { value throws(ONNXError) in
                let signed = Int64(bitPattern: value)
                guard validRange?.contains(signed) ?? true else {
                    throw ONNXError(
                        .outOfRange(value: "\(signed)", expected: "a number that \(type) can hold"), offset: offset,
                        field: name)
                }
                for byte in 0..<type.byteSize { decoded.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
            }
        }
        return decoded
    }

    /// The numbers that may stand for an element; nil if all 64-bit patterns do.
    private static func validRange(of type: ElementType) -> ClosedRange<Int64>? {
        switch type {
        case .bool: 0...1
        case .int8: -0x80...0x7F
        case .uint8: 0...0xFF
        case .int16: -0x8000...0x7FFF
        case .uint16, .float16, .bfloat16: 0...0xFFFF
        case .int32: -0x8000_0000...0x7FFF_FFFF
        case .uint32: 0...0xFFFF_FFFF
        case .int64, .uint64, .float32, .float64: nil
        }
    }
}
