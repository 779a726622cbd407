/// Floats in memory of their own, aligned to a cache line, that never move and never change their number.
///
/// Access goes through ``Matrix`` and ``MutableMatrix``, which check their bounds when they are made.
public final class FloatBuffer {
    public let count: Int
    let base: UnsafeMutablePointer<Float>

    /// A buffer of zeros.
    public init(count: Int) {
        precondition(count >= 0, "a buffer can't hold \(count) floats")
        self.count = count
        base = Self.allocate(count)
        base.initialize(repeating: 0, count: count)
    }

    /// A copy of `elements`.
    public init(_ elements: [Float]) {
        count = elements.count
        base = Self.allocate(elements.count)
        elements.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            base.initialize(from: source, count: elements.count)
        }
    }

    deinit { base.deallocate() }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let cacheLine = 64
        return
            UnsafeMutableRawPointer
            .allocate(byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: cacheLine)
            .bindMemory(to: Float.self, capacity: max(1, count))
    }
}

/// A row-major matrix that was filled once and is only read from then on: a weight.
///
/// Sendable without the compiler's proof: the buffer is made and filled inside `init`, nobody else ever holds it, and
/// nothing here writes to it afterwards.
public struct ConstantMatrix: @unchecked Sendable {
    public let rows: Int
    public let columns: Int
    private let buffer: FloatBuffer

    /// Copies `elements`, `[rows, columns]`.
    public init(rows: Int, columns: Int, _ elements: [Float]) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        buffer = FloatBuffer(elements)
    }

    /// Lets `fill` write a matrix of zeros before it becomes constant.
    public init(rows: Int, columns: Int, fill: (MutableMatrix) throws -> Void) rethrows {
        self.rows = rows
        self.columns = columns
        buffer = FloatBuffer(count: rows * columns)
        try fill(MutableMatrix(buffer, rows: rows, columns: columns))
    }

    /// The whole matrix.
    public var matrix: Matrix { Matrix(MutableMatrix(buffer, rows: rows, columns: columns)) }
}

/// A constant vector: a bias, or the weight of a norm.
public struct ConstantVector: Sendable {
    private let matrix: ConstantMatrix

    public init(_ elements: [Float]) { matrix = ConstantMatrix(rows: 1, columns: elements.count, elements) }

    public var count: Int { matrix.columns }
    public var elements: [Float] { matrix.matrix.row(0) }
    var base: UnsafePointer<Float> { matrix.matrix.base }
}
