import Files

/// The bytes of a tensor: a view into a mapped file, or an array.
enum TensorBytes: Sendable {
    case mapped(MappedFile, Range<Int>)
    case decoded([UInt8])

    /// A copy of the bytes as elements.
    func elements<Element: BitwiseCopyable>(as type: Element.Type = Element.self) -> [Element] {
        switch self {
        case .mapped(let file, let range): file.elements(in: range, as: type)
        case .decoded(let bytes): bytes.withUnsafeBytes { Array(copyingElements: $0) }
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
        self = .decoded(elements.withUnsafeBytes { Array($0) })
    }
}

extension MappedFile {
    func byte(at offset: Int) -> UInt8 { withBytes(in: offset..<offset + 1) { $0[0] } }

    /// How many of the bytes in a range have their highest bit clear: the number of varints that end there.
    func countOfVarintEnds(in range: Range<Int>) -> Int {
        withBytes(in: range) { bytes in
            var count = 0
            for byte in bytes where byte < 0x80 { count += 1 }
            return count
        }
    }
}
