import Files

/// Elements of a tensor that do not lie in row-major order: those of a transposed tensor, or of a part of a larger one.
struct StridedElements: Sendable {
    private let shape: [Int]
    /// From an element to the next along each axis, in elements; 0 or more.
    private let strides: [Int]
    /// The bytes from the first element to the end of the last.
    let range: Range<Int>

    /// The caller has checked that `range` reaches from the first element to the end of the last.
    init(shape: [Int], strides: [Int], range: Range<Int>) {
        self.shape = shape
        // A stride that is never taken may be any number.
        self.strides = zip(shape, strides).map { $0 == 1 ? 0 : $1 }
        self.range = range
    }

    /// How many elements lie from the first to the last, both included, gaps and all; nil if they are more than can be
    /// counted. The shape has no zero, and strides are 0 or more.
    static func extent(shape: [Int], strides: [Int]) -> Int? {
        var last = 0
        for (size, stride) in zip(shape, strides) {
            let (distance, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, tooFar) = last.addingReportingOverflow(distance)
            guard !overflow, !tooFar else { return nil }
            last = sum
        }
        let (extent, overflow) = last.addingReportingOverflow(1)
        return overflow ? nil : extent
    }

    /// Whether elements with these strides lie in row-major order. Where a dimension is 1, its stride has no meaning.
    static func isRowMajor(shape: [Int], strides: [Int]) -> Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            guard stride == expected else { return false }
            expected *= size
        }
        return true
    }

    /// The elements whose numbers, in row-major order, are in `numbers`.
    func floats<Elements: FloatElements>(
        in numbers: Range<Int>, of elements: Elements.Type, _ file: MappedFile
    ) -> [Float] {
        guard !numbers.isEmpty else { return [] }
        var odometer = Odometer(shape: shape, strides: strides, at: numbers.lowerBound)
        let size = MemoryLayout<Elements.Stored>.size
        return file.withBytes(in: range) { bytes in
            numbers.map { _ in
                defer { odometer.advance() }
                return Elements.value(
                    bytes.loadUnaligned(fromByteOffset: odometer.offset * size, as: Elements.Stored.self))
            }
        }
    }
}

/// Walks the elements of a shape in row-major order, and says where each is.
private struct Odometer {
    private let shape: [Int]
    private let strides: [Int]
    private var index: [Int]
    /// In elements, from the first.
    private(set) var offset = 0

    init(shape: [Int], strides: [Int], at number: Int) {
        self.shape = shape
        self.strides = strides
        index = shape
        var rest = number
        for axis in shape.indices.reversed() {
            index[axis] = rest % shape[axis]
            rest /= shape[axis]
            offset += index[axis] * strides[axis]
        }
    }

    mutating func advance() {
        for axis in shape.indices.reversed() {
            index[axis] += 1
            offset += strides[axis]
            if index[axis] < shape[axis] { return }
            offset -= shape[axis] * strides[axis]
            index[axis] = 0
        }
    }
}
