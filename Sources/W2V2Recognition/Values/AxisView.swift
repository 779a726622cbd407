/// How a value made by Transpose, Reshape, Squeeze and Unsqueeze takes its elements from the value they started from.
///
/// Each axis of the value is a list of factors, outermost first, and each factor a part of one axis of the source. A
/// source `[1, frames, 64]` whose channels were split into 4 heads of 16 and moved is
/// `[[], [channels/16 % 4], [frames], [channels % 16]]`. Two ways of writing the same rearrangement give the same view,
/// and a Reshape that would tear elements from their axes, such as frames mixed with channels, has none.
struct AxisView: Hashable {
    /// The part of a source axis that counts `extent` steps of `stride` elements along it.
    struct Factor: Hashable {
        var axis: Int
        var extent: Extent
        var stride: Int
    }

    /// For each axis of the value its factors; none for an axis of length 1.
    private(set) var axes: [[Factor]]

    init(axes: [[Factor]]) {
        self.axes = axes
    }

    /// The source itself.
    init(of shape: [Extent]) {
        axes = shape.enumerated().map { axis, extent in
            extent == .one ? [] : [Factor(axis: axis, extent: extent, stride: 1)]
        }
    }

    /// The factors of `axes` as one axis, with neighbours joined where they count on.
    static func joined(_ axes: some Sequence<[Factor]>) -> [Factor] {
        var result: [Factor] = []
        for factor in axes.joined() {
            if let last = result.last, last.axis == factor.axis, let outer = last.extent.constant,
                let inner = factor.extent.constant, factor.stride.checkedMultiplied(by: inner) == last.stride,
                let extent = outer.checkedMultiplied(by: inner)
            {
                result[result.count - 1] = Factor(axis: factor.axis, extent: .fixed(extent), stride: factor.stride)
            } else {
                result.append(factor)
            }
        }
        return result
    }

    func transposed(_ permutation: [Int]) -> AxisView? {
        guard permutation.sorted() == Array(axes.indices) else { return nil }
        var result = self
        result.axes = permutation.map { axes[$0] }
        return result
    }

    /// The number of elements along each axis.
    var shape: [ExtentProduct] {
        // A view's factors are parts of axes whose lengths were products already.
        axes.map { ExtentProduct($0.lazy.map(\.extent)) ?? .one }
    }

    /// The value under another shape, its elements in the same row-major order; nil if an axis of the new shape is
    /// not made of whole parts of the source's axes.
    func reshaped(to shape: [Extent]) -> AxisView? {
        let products = shape.compactMap { ExtentProduct([$0]) }
        return products.count == shape.count ? reshaped(to: products) : nil
    }

    /// As ``reshaped(to:)-(_)`` does, to axes that may be several of the source's side by side.
    func reshaped(to shape: [ExtentProduct]) -> AxisView? {
        var rest = Self.joined(axes)[...]
        var result = self
        result.axes = []
        for product in shape {
            var needed = product
            var factors: [Factor] = []
            while needed != .one {
                guard let factor = rest.popFirst(), let length = ExtentProduct([factor.extent]) else { return nil }
                if let left = needed.divided(by: length) {
                    factors.append(factor)
                    needed = left
                } else if let wanted = needed.constant, let size = factor.extent.constant,
                    size.isMultiple(of: wanted), let stride = factor.stride.checkedMultiplied(by: size / wanted)
                {
                    factors.append(Factor(axis: factor.axis, extent: .fixed(wanted), stride: stride))
                    rest.insert(
                        Factor(axis: factor.axis, extent: .fixed(size / wanted), stride: factor.stride),
                        at: rest.startIndex)
                    needed = .one
                } else {
                    return nil
                }
            }
            result.axes.append(factors)
        }
        return rest.isEmpty ? result : nil
    }
}
