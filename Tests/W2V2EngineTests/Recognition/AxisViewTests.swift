import Testing

@testable import W2V2Network
@testable import W2V2Recognition

@Suite("Views of rearranged axes")
struct AxisViewTests {
    private static let frames = Extent.samples(offset: -80, divisor: 320)
    /// `[1, frames, 64]`
    private static let state = AxisView(of: [.one, frames, .fixed(64)])

    @Test("a split into heads, written with three and with four axes, and undone")
    func heads() throws {
        let split = try #require(
            Self.state.reshaped(to: [.one, Self.frames, .fixed(4), .fixed(16)])?.transposed([0, 2, 1, 3]))
        let head = AxisView.Factor(axis: 2, extent: .fixed(4), stride: 16)
        let frame = AxisView.Factor(axis: 1, extent: Self.frames, stride: 1)
        let channel = AxisView.Factor(axis: 2, extent: .fixed(16), stride: 1)
        #expect(split.axes == [[], [head], [frame], [channel]])
        let folded = try #require(split.reshaped(to: [.fixed(4), Self.frames, .fixed(16)]))
        #expect(folded.axes == [[head], [frame], [channel]])
        let merged = try #require(folded.transposed([1, 0, 2])?.reshaped(to: [.one, Self.frames, .fixed(64)]))
        #expect(merged == Self.state)
    }

    @Test("a reshape that mixes frames and channels has no view")
    func mixtures() {
        #expect(Self.state.reshaped(to: [.fixed(4), Self.frames, .fixed(16)]) == nil)
        #expect(Self.state.reshaped(to: [.one, .fixed(64), Self.frames]) == nil)
        let moved = Self.state.transposed([0, 2, 1])
        #expect(moved?.reshaped(to: [.one, Self.frames, .fixed(64)]) == nil)
        #expect(Self.state.reshaped(to: [.one, Self.frames, .fixed(3), .fixed(21)]) == nil)
        #expect(Self.state.reshaped(to: [.one, Self.frames]) == nil)
        #expect(Self.state.transposed([0, 1, 1]) == nil)
    }

    /// With fixed sizes a view says where each element comes from, so it can be compared with moved numbers.
    @Test("views agree with moved elements")
    func elements() throws {
        let shape = [2, 3, 4, 5]
        let extents = shape.map { Extent.fixed($0) }
        let view = try #require(
            AxisView(of: extents).transposed([2, 0, 3, 1])?.reshaped(to: [.fixed(2), .fixed(2), .fixed(10), .fixed(3)])?
                .transposed([3, 1, 0, 2]))
        let numbers = Array(0..<120)
        let moved = Self.transposed(
            Self.transposed(numbers, shape, [2, 0, 3, 1]), [2, 2, 10, 3], [3, 1, 0, 2])
        #expect(Self.elements(of: view, source: shape) == moved)
    }

    private static func transposed(_ values: [Int], _ shape: [Int], _ permutation: [Int]) -> [Int] {
        let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
        return permutation.reduce([0]) { offsets, axis in
            offsets.flatMap { offset in (0..<shape[axis]).map { offset + $0 * strides[axis] } }
        }.map { values[$0] }
    }

    private static func elements(of view: AxisView, source shape: [Int]) -> [Int] {
        let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
        return view.axes.joined().reduce([0]) { offsets, factor in
            offsets.flatMap { offset in
                (0..<(factor.extent.constant ?? 0)).map { offset + $0 * factor.stride * strides[factor.axis] }
            }
        }
    }
}
