/// The bytes of a tensor: a view into a mapped file, or an array.
enum TensorBytes: Sendable {
    case mapped(MappedFile, Range<Int>)
    case decoded([UInt8])

    var count: Int {
        switch self {
        case .mapped(_, let range): range.count
        case .decoded(let bytes): bytes.count
        }
    }

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
