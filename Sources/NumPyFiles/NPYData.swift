/// The data of a `.npy` file: elements from bytes, and bytes from elements.
enum NPYData {
    /// Turns the bytes from `offset` on into the array that the header describes; there must be exactly as many as it
    /// needs.
    static func decode(
        _ bytes: [UInt8], from offset: Int, header: NPYHeader
    ) throws(NumPyError.Reason) -> NPYArray {
        try header.checkDataByteCount(bytes.count - offset)
        let count = try elementCount(of: header.shape)
        let source = ElementSource(bytes: bytes, offset: offset, count: count, bigEndian: header.type.bigEndian)
        func inOrder<Element>(_ values: [Element]) -> [Element] {
            header.fortranOrder ? transposed(values, header.shape) : values
        }
        func map<Bits: FixedWidthInteger & BitwiseCopyable, Element>(_ convert: (Bits) -> Element) -> [Element] {
            inOrder(source.map(Bits.self, convert))
        }
        let elements: NPYArray.Elements
        switch (header.type.kind, header.type.byteSize) {
        case (.bool, _): elements = .bool(map { (bits: UInt8) in bits != 0 })
        case (.signed, 1): elements = .int8(map { $0 as Int8 })
        case (.signed, 2): elements = .int16(map { $0 as Int16 })
        case (.signed, 4): elements = .int32(map { $0 as Int32 })
        case (.signed, 8): elements = .int64(map { $0 as Int64 })
        case (.unsigned, 1): elements = .uint8(map { $0 as UInt8 })
        case (.unsigned, 2): elements = .uint16(map { $0 as UInt16 })
        case (.unsigned, 4): elements = .uint32(map { $0 as UInt32 })
        case (.unsigned, 8): elements = .uint64(map { $0 as UInt64 })
        case (.float, 2): elements = .float32(map { Float(Float16(bitPattern: $0)) })
        case (.float, 4): elements = .float32(map { Float(bitPattern: $0) })
        case (.float, 8): elements = .float64(map { Double(bitPattern: $0) })
        case (.unicode, let size): elements = .string(inOrder(try strings(source, width: size / 4)))
        default: throw .unsupportedType(header.type.description)
        }
        return try NPYArray(shape: header.shape, elements: elements)
    }

    /// The type that the elements are written as, and their bytes.
    static func encode(_ elements: NPYArray.Elements) throws(NumPyError.Reason) -> (NPYElementType, [UInt8]) {
        switch elements {
        case .bool(let values): (.init(.bool, byteSize: 1), values.map { $0 ? 1 : 0 })
        case .int8(let values): (.init(.signed, byteSize: 1), littleEndianBytes(of: values))
        case .int16(let values): (.init(.signed, byteSize: 2), littleEndianBytes(of: values))
        case .int32(let values): (.init(.signed, byteSize: 4), littleEndianBytes(of: values))
        case .int64(let values): (.init(.signed, byteSize: 8), littleEndianBytes(of: values))
        case .uint8(let values): (.init(.unsigned, byteSize: 1), values)
        case .uint16(let values): (.init(.unsigned, byteSize: 2), littleEndianBytes(of: values))
        case .uint32(let values): (.init(.unsigned, byteSize: 4), littleEndianBytes(of: values))
        case .uint64(let values): (.init(.unsigned, byteSize: 8), littleEndianBytes(of: values))
        case .float32(let values): (.init(.float, byteSize: 4), littleEndianBytes(of: values))
        case .float64(let values): (.init(.float, byteSize: 8), littleEndianBytes(of: values.map(\.bitPattern)))
        case .string(let values): try encode(values)
        }
    }

    /// UTF-32, each string padded with nulls to the longest; one character wide if all are empty, as in NumPy.
    private static func encode(_ strings: [String]) throws(NumPyError.Reason) -> (NPYElementType, [UInt8]) {
        let width = max(1, strings.lazy.map(\.unicodeScalars.count).max() ?? 0)
        var characters: [UInt32] = []
        characters.reserveCapacity(width * strings.count)
        for (index, string) in strings.enumerated() {
            guard string.unicodeScalars.last != "\0" else { throw .stringWithTrailingNull(index: index) }
            characters += string.unicodeScalars.map(\.value)
            characters += repeatElement(0, count: (index + 1) * width - characters.count)
        }
        return (.init(.unicode, byteSize: width * 4), littleEndianBytes(of: characters))
    }

    private static func strings(_ source: ElementSource, width: Int) throws(NumPyError.Reason) -> [String] {
        let characters = source.map(UInt32.self, perElement: width) { $0 }
        var strings: [String] = []
        strings.reserveCapacity(source.count)
        for index in 0..<source.count {
            let padded = characters[index * width..<(index + 1) * width]
            let content = padded[..<((padded.lastIndex { $0 != 0 } ?? padded.startIndex - 1) + 1)]
            var string = String.UnicodeScalarView()
            for value in content {
                guard let scalar = Unicode.Scalar(value) else { throw .invalidString(index: index) }
                string.append(scalar)
            }
            strings.append(String(string))
        }
        return strings
    }
}

/// Fixed-width elements in a file's bytes.
private struct ElementSource {
    let bytes: [UInt8]
    let offset: Int
    let count: Int
    let bigEndian: Bool

    /// Calls `convert` with the bits of each element in turn, or with each of an element's parts.
    func map<Bits: FixedWidthInteger & BitwiseCopyable, Element>(
        _: Bits.Type, perElement parts: Int = 1, _ convert: (Bits) -> Element
    ) -> [Element] {
        let span = bytes.span.bytes
        return (0..<count * parts).map { index in
            let bits = span.unsafeLoadUnaligned(fromByteOffset: offset + index * MemoryLayout<Bits>.size, as: Bits.self)
            return convert(bigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        }
    }
}

/// The elements in row-major order, if `values` has them in column-major (Fortran) order and they have this shape.
///
/// Walks the axes as an odometer, last axis fastest, over elements that lie first axis fastest.
private func transposed<Element>(_ values: [Element], _ shape: [Int]) -> [Element] {
    guard !values.isEmpty, shape.count > 1 else { return values }
    var strides: [Int] = []
    var stride = 1
    for axis in shape {
        strides.append(stride)
        stride *= axis
    }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    return values.indices.map { _ in
        defer {
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < shape[axis] { break }
                position -= shape[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return values[position]
    }
}
