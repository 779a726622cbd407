import ONNXLoader

/// Numbers known when the model is loaded: a tensor of the file or one computed from such, and how to read it.
///
/// Weights are large, and the engine packs them anyway: an exchange of axes, a choice of columns, a factor and the scales
/// of quantised numbers are noted here, and applied as the elements are read.
struct Constant: Sendable {
    /// The elements, in the order in which the file or the computation left them.
    let stored: Tensor
    /// Whether the constant is `stored`, a matrix, with its two axes exchanged.
    var isTransposed = false
    /// What to take of the last axis of ``shape``; nil for all of it.
    private(set) var selection: Range<Int>?
    /// A power of two that every element is multiplied by.
    private(set) var factor: Float = 1
    /// What the elements stand for, where `stored` holds quantised ones.
    var scales: Quantization?
    /// Another shape of as many elements, where they are not those of a matrix.
    private var reshaping: [Int]?

    init(stored: Tensor) {
        self.stored = stored
    }

    /// The type of the numbers, which is that of `stored` unless they are quantised.
    var elementType: ElementType { scales == nil ? stored.elementType : .float32 }
    var elementCount: Int { shape.reduce(1, *) }

    var shape: [Int] {
        guard let selection else { return wholeShape }
        return wholeShape.dropLast() + [selection.count]
    }

    private var wholeShape: [Int] { reshaping ?? (isTransposed ? stored.shape.reversed() : stored.shape) }

    /// Whether the elements are those of ``stored`` as they are, all of them.
    var isStored: Bool { selection == nil && factor == 1 && scales == nil }

    /// The one element of a floating-point constant with a single element; nil for others.
    func scalar() throws -> Scalar? {
        guard elementType.isFloatingPoint, elementCount == 1 else { return nil }
        return try floats(in: 0..<1).first.map { Scalar(stored: Double($0), as: elementType) }
    }

    /// The elements of a list of integers or a single one, such as a shape or axes; nil for others.
    func integers() throws -> [Int]? {
        guard elementType == .int64 || elementType == .int32, shape.count <= 1 else { return nil }
        guard elementCount <= Self.longestList else { return nil }
        return try stored.integers()
    }

    /// No shape has more axes than this; longer integer constants are not read.
    private static let longestList = 64
}

// MARK: What is made of it

extension Constant {
    /// As a list of all its elements; nil if they are those of a matrix whose axes are exchanged.
    func flattened() -> Constant? {
        if shape.count == 1 { return self }
        guard !isTransposed, selection == nil else { return nil }
        var result = self
        result.reshaping = [stored.elementCount]
        return result
    }

    /// Some of the last axis.
    func selecting(_ range: Range<Int>) -> Constant {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape.last ?? 0, "\(range) of \(shape)")
        var result = self
        let first = selection?.lowerBound ?? 0
        result.selection = first + range.lowerBound..<first + range.upperBound
        return result
    }

    /// Multiplied by a power of two; nil if some numbers could leave the range in which that is exact.
    func multiplied(by number: Double) -> Constant? {
        guard let power = Float(exactly: number), abs(power.significand) == 1, abs(power.exponent) < 16 else {
            return nil
        }
        var result = self
        result.factor *= power
        return abs(result.factor.exponent) < 16 ? result : nil
    }

    /// As a tensor with the elements in the order of ``shape``.
    func tensor() throws -> Tensor {
        if isStored, !isTransposed, reshaping == nil { return stored }
        let elements = try floats(in: 0..<elementCount)
        guard isTransposed else { return try Tensor(name: stored.name, shape: shape, floats: elements) }
        let (rows, columns) = (shape[1], shape[0])
        return try Tensor(
            name: stored.name, shape: shape, floats: elements.transposed(rows: rows, columns: columns))
    }

    /// Elements in the order in which they are stored: of a transposed matrix, in that of its axes exchanged.
    func floats(in range: Range<Int>) throws -> [Float] {
        guard let selection, let width = wholeShape.last else { return try storedFloats(in: range) }
        // A transposed matrix stores what is the last axis outside as its first.
        if isTransposed || shape.count == 1 {
            let start = selection.lowerBound * (stored.elementCount / width)
            return try storedFloats(in: start + range.lowerBound..<start + range.upperBound)
        }
        var result: [Float] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let (row, column) = index.quotientAndRemainder(dividingBy: selection.count)
            let count = min(selection.count - column, range.upperBound - index)
            let start = row * width + selection.lowerBound + column
            result += try storedFloats(in: start..<start + count)
            index += count
        }
        return result
    }

    private func storedFloats(in range: Range<Int>) throws -> [Float] {
        var elements = try scales?.floats(of: stored, in: range) ?? stored.floats(in: range)
        if factor != 1 {
            for index in elements.indices { elements[index] *= factor }
        }
        return elements
    }
}
