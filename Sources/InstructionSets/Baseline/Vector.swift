/// The vector that elementwise kernels work in; the compiler splits it into the registers the CPU has.
typealias Vector = SIMD16<Float>
typealias IntegerVector = SIMD16<Int32>

extension Vector {
    /// Sixteen floats from any address.
    @inline(__always)
    init(_ address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Vector.self)
    }

    @inline(__always)
    func store(_ address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Vector.self)
    }

    /// The larger of each pair.
    @inline(__always)
    func larger(_ other: Vector) -> Vector { replacing(with: other, where: self .< other) }

    /// The smaller of each pair.
    @inline(__always)
    func smaller(_ other: Vector) -> Vector { replacing(with: other, where: other .< self) }

    @inline(__always)
    var magnitude: Vector {
        unsafeBitCast(unsafeBitCast(self, to: IntegerVector.self) & 0x7fff_ffff, to: Vector.self)
    }

    /// The largest lane.
    @inline(__always)
    var largest: Float {
        let eight = lowHalf.replacing(with: highHalf, where: lowHalf .< highHalf)
        let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.lowHalf .< eight.highHalf)
        return Swift.max(Swift.max(four[0], four[1]), Swift.max(four[2], four[3]))
    }

    /// The sum of the lanes, in pairs.
    @inline(__always)
    var sumOfLanes: Float {
        let eight = lowHalf + highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two[0] + two[1]
    }
}

/// Calls `body` for each vector of `count` floats from `source`, and for a last one padded with `padding`; `lanes` is
/// how many lanes count.
@inline(__always)
func forEachVector(
    of source: UnsafePointer<Float>, count: Int, padding: Float,
    body: (_ vector: Vector, _ at: Int, _ lanes: Int) -> Void
) {
    var index = 0
    while index + Vector.scalarCount <= count {
        body(Vector(source + index), index, Vector.scalarCount)
        index += Vector.scalarCount
    }
    if index < count { body(Vector(source + index, lanes: count - index, padding: padding), index, count - index) }
}

extension Vector {
    /// The first `lanes` lanes from `address`, the others `padding`.
    @inline(__always)
    init(_ address: UnsafePointer<Float>, lanes: Int, padding: Float) {
        if lanes == Vector.scalarCount {
            self.init(address)
        } else {
            var padded = Vector(repeating: padding)
            withUnsafeMutableBytes(of: &padded) { bytes in
                bytes.copyMemory(from: UnsafeRawBufferPointer(UnsafeBufferPointer(start: address, count: lanes)))
            }
            self = padded
        }
    }

    /// Stores the first `lanes` lanes.
    @inline(__always)
    func store(_ address: UnsafeMutablePointer<Float>, lanes: Int) {
        if lanes == Vector.scalarCount { return store(address) }
        let copy = self
        withUnsafeBytes(of: copy) { bytes in
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: address, count: lanes))
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(lanes * MemoryLayout<Float>.stride)]))
        }
    }
}
