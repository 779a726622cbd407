import Files

/// The bytes of a tensor: a view into a mapped file, or an array.
enum TensorBytes: Sendable {
    case mapped(MappedFile, Range<Int>)
    case decoded([UInt8])

    /// A copy of the bytes as elements.
    func elements<Element: BitwiseCopyable>(as type: Element.Type = Element.self) -> [Element] {
        switch self {
        case .mapped(let file, let range): file.elements(in: range, as: type)
        case .decoded(let bytes): bytes.withUnsafeBytes { Array(copying: $0) }
        }
    }

    /// Some of the bytes.
    subscript(range: Range<Int>) -> TensorBytes {
        switch self {
        case .mapped(let file, let all):
            precondition(range.lowerBound >= 0 && range.upperBound <= all.count, "bytes \(range) of \(all.count)")
            return .mapped(file, all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
        case .decoded(let bytes): return .decoded(Array(bytes[range]))
        }
    }

    /// The bytes of elements.
    init<Element: BitwiseCopyable>(_ elements: [Element]) {
        self = .decoded(elements.withUnsafeBytes { Array(copying: $0) })
    }
}

extension MappedFile {
    func byte(at offset: Int) -> UInt8 { withBytes(in: offset..<offset + 1) { $0[0] } }

    /// The little-endian integer at any alignment.
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
        withBytes(in: offset..<offset + MemoryLayout<Value>.size) {
            Value(littleEndian: $0.loadUnaligned(as: Value.self))
        }
    }

    /// The text in a range; nil if it isn't UTF-8.
    func string(in range: Range<Int>) -> String? {
        withBytes(in: range) { String(validating: $0, as: UTF8.self) }
    }

    /// A copy of the elements in a range, at any alignment.
    func elements<Element: BitwiseCopyable>(in range: Range<Int>, as type: Element.Type) -> [Element] {
        withBytes(in: range) { Array(copying: $0) }
    }

    /// How many of the bytes in a range have their highest bit clear: the number of varints that end there.
    func countOfVarintEnds(in range: Range<Int>) -> Int {
        withBytes(in: range) { bytes in
            var count = 0
            for byte in bytes where byte < 0x80 { count += 1 }
            return count
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements that little-endian bytes at any alignment hold. Bytes left over at the end are not read.
    fileprivate init(copying bytes: UnsafeRawBufferPointer) {
        let count = bytes.count / MemoryLayout<Element>.stride
        self.init(unsafeUninitializedCapacity: count) { elements, initialized in
            let used = UnsafeRawBufferPointer(rebasing: bytes.prefix(count * MemoryLayout<Element>.stride))
            UnsafeMutableRawBufferPointer(elements).copyMemory(from: used)
            initialized = count
        }
    }
}

#if _endian(big)
    #error("Tensor elements are copied as they are in the file: little-endian.")
#endif
