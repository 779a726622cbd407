/// Floats that never change: a weight, in memory of its own or inside a mapped file.
///
/// Sendable without the compiler's proof: whoever makes one hands over the only way to write to the floats (`init`s of
/// this module) or promises that there is none (``init(at:count:owner:)``).
public struct ConstantFloats: @unchecked Sendable {
    public let count: Int
    let base: UnsafePointer<Float>
    /// Keeps the floats where they are.
    let owner: AnyObject
    private let pages: (@Sendable () -> Void)?

    /// Takes over a buffer that nobody writes to any more.
    init(_ buffer: FloatBuffer) {
        count = buffer.count
        base = UnsafePointer(buffer.base)
        owner = buffer
        pages = nil
    }

    /// A copy of `elements`.
    public init(_ elements: [Float]) { self.init(FloatBuffer(elements)) }

    /// `count` floats at an address, which stay there unchanged for as long as `owner` lives; `letPagesGo`, if given,
    /// takes their pages out of memory until they are read again.
    public init(
        at address: UnsafePointer<Float>, count: Int, owner: some AnyObject & Sendable,
        letPagesGo: (@Sendable () -> Void)? = nil
    ) {
        self.count = count
        base = address
        self.owner = owner
        pages = letPagesGo
    }

    /// Takes the pages of floats inside a mapped file out of this process's memory until they are read again; does
    /// nothing for others, and for a part of some.
    public func letPagesGo() { pages?() }

    private init(_ floats: ConstantFloats, _ range: Range<Int>) {
        count = range.count
        base = floats.base + range.lowerBound
        owner = floats.owner
        pages = nil
    }

    /// The floats of `range`.
    public subscript(range: Range<Int>) -> ConstantFloats {
        precondition(0 <= range.lowerBound && range.upperBound <= count, "floats \(range) of \(count)")
        return ConstantFloats(self, range)
    }

    /// Calls `body` with the floats.
    public func withUnsafeBufferPointer<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// All of them, copied.
    public var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// A constant vector: a bias, or the weight of a norm.
public struct ConstantVector: Sendable {
    public let floats: ConstantFloats

    public init(_ floats: ConstantFloats) { self.floats = floats }
    public init(_ elements: [Float]) { floats = ConstantFloats(elements) }

    public var count: Int { floats.count }
    public var elements: [Float] { floats.elements }
    var base: UnsafePointer<Float> { floats.base }

    /// The elements of `range`.
    public subscript(range: Range<Int>) -> ConstantVector { ConstantVector(floats[range]) }
}
