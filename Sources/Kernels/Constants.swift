/// Bytes that never change: a weight, in memory of its own or inside a mapped file.
///
/// Sendable without the compiler's proof: its maker gives up the only way to write to the bytes
/// (``init(_:floats:)``), or promises that nobody writes to them once they are read (``init(at:count:owner:releasePages:)``).
package struct ConstantBytes: @unchecked Sendable {
    package let count: Int
    let base: UnsafeRawPointer
    /// Keeps the bytes where they are.
    let owner: AnyObject
    private let release: (@Sendable () -> Void)?

    /// Takes over a buffer, or its first `floats` floats, which nobody writes to once the bytes are read.
    package init(_ buffer: FloatBuffer, floats: Int? = nil) {
        precondition((0...buffer.count).contains(floats ?? 0), "\(floats ?? 0) floats of \(buffer.count)")
        count = (floats ?? buffer.count) * MemoryLayout<Float>.stride
        base = UnsafeRawPointer(buffer.base)
        owner = buffer
        release = nil
    }

    /// `count` bytes at an address, which stay there unchanged for as long as `owner` lives; `releasePages`, if given,
    /// takes their pages out of memory until they are read again.
    package init(
        at address: UnsafeRawPointer, count: Int, owner: some AnyObject & Sendable,
        releasePages: (@Sendable () -> Void)? = nil
    ) {
        self.count = count
        base = address
        self.owner = owner
        release = releasePages
    }

    /// Takes the pages of bytes inside a mapped file out of this process's memory until they are read again; does
    /// nothing for others.
    package func releasePages() { release?() }

    /// The bytes as floats.
    var floats: UnsafeBufferPointer<Float> {
        let stride = MemoryLayout<Float>.stride
        precondition(count.isMultiple(of: stride), "\(count) bytes are no floats")
        return UnsafeBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count / stride)
    }

    /// Lends the bytes to `body`.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(owner) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

/// A constant vector of float32: a bias, or the weight of a norm.
public struct ConstantVector: Sendable {
    private let bytes: ConstantBytes
    /// Of its floats.
    private let range: Range<Int>

    /// The floats of `bytes`, or those of `range`.
    package init(_ bytes: ConstantBytes, _ range: Range<Int>? = nil) {
        let floats = bytes.floats
        let range = range ?? 0..<floats.count
        precondition(0 <= range.lowerBound && range.upperBound <= floats.count, "\(range) of \(floats.count) floats")
        self.bytes = bytes
        self.range = range
    }

    /// A copy of `elements`.
    public init(_ elements: [Float]) { self.init(ConstantBytes(FloatBuffer(elements))) }

    /// The number of elements.
    public var count: Int { range.count }
    var base: UnsafePointer<Float> { bytes.base.assumingMemoryBound(to: Float.self) + range.lowerBound }

    /// All elements, copied.
    package var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// The elements of `range`.
    package subscript(range: Range<Int>) -> ConstantVector {
        precondition(0 <= range.lowerBound && range.upperBound <= count, "elements \(range) of \(count)")
        let first = self.range.lowerBound
        return ConstantVector(bytes, first + range.lowerBound..<first + range.upperBound)
    }
}

/// A row-major matrix of float32 that is only read: the weight of a head.
package struct ConstantMatrix: Sendable {
    package let rows: Int
    package let columns: Int
    private let bytes: ConstantBytes

    /// `bytes` are the floats `[rows, columns]`.
    package init(rows: Int, columns: Int, _ bytes: ConstantBytes) {
        precondition(bytes.floats.count == rows * columns, "\(bytes.floats.count) elements for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.bytes = bytes
    }

    /// For each column, the sum of its elements times the weights of their rows, in Double: `weights` · matrix.
    package func columnSums(weightedBy weights: [Double]) -> [Double] {
        precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
        return bytes.floats.baseAddress.map { sumRows($0, rowStride: columns, columns: columns, weights) }
            ?? [Double](repeating: 0, count: columns)
    }
}

extension Matrix {
    /// The mean of the rows, `[columns]`, in Double.
    package func meanOfRows() -> [Double] {
        sumRows(base, rowStride: rowStride, columns: columns, [Double](repeating: 1, count: rows))
            .map { $0 / Double(rows) }
    }
}

private func sumRows(
    _ base: UnsafePointer<Float>, rowStride: Int, columns: Int, _ weights: [Double]
) -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for (row, weight) in weights.enumerated() {
        let row = base + row * rowStride
        for column in 0..<columns { sums[column] += weight * Double(row[column]) }
    }
    return sums
}
