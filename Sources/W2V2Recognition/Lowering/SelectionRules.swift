import ONNXLoader

/// Operators that take a part of an axis.
extension Lowering {
    static func slice(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...5)
        try call.node.requireAttributes(among: [])
        let axes = try call.integers(3) ?? [0]
        guard let starts = try call.integers(1), let ends = try call.integers(2), starts.count == 1, ends.count == 1,
            axes.count == 1, try call.integers(4) ?? [1] == [1]
        else {
            throw call.node.misfit("a slice of several axes or with steps", expected: "a slice of one axis, step 1")
        }
        let range = SliceRange(start: starts[0], end: ends[0])
        switch try call.value(0) {
        case .known(let known):
            let axis = try call.node.axis(axes[0], rank: known.shape.count)
            if known.shape.count == 1, let list = try known.extents() {
                let taken = Array(list[range.indices(count: list.count)])
                return [.known(KnownValue(kind: known.kind, shape: [.fixed(taken.count)], content: .extents(taken)))]
            }
            var shape = known.shape
            shape[axis] = try call.length(of: range, in: shape[axis])
            guard let result = known.reshaped(to: shape) else {
                throw call.node.misfit("a slice of constants", expected: "a slice of sizes or features")
            }
            return [.known(result)]
        default:
            let features = try call.operand(0)
            let axis = try call.node.axis(axes[0], rank: features.view.axes.count)
            let (base, extent) = try lowering.wholeAxis(axis, of: features, call)
            let length = try call.length(of: range, in: extent)
            if length == extent {
                lowering.mark(call.index, as: .identity)
                return [.signal(features)]
            }
            let start = extent.constant.map { range.indices(count: $0).lowerBound } ?? range.start
            return [.signal(try lowering.part(of: features, axis: axis, base, from: start, length: length, call))]
        }
    }

    /// Split: parts of one axis, one after the other.
    static func split(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.node.requireAttributes(among: ["axis", "split", "num_outputs"])
        try call.requireInputs(call.opset < 13 ? 1...1 : 1...2)
        let features = try call.operand(0)
        let axis = try call.node.axis(try call.node.integerAttribute("axis") ?? 0, rank: features.view.axes.count)
        let (base, extent) = try lowering.wholeAxis(axis, of: features, call)
        let outputs = call.node.outputs.count
        guard let size = extent.constant, outputs >= 1 else {
            throw call.node.misfit("a split of \(extent)", expected: "a split of channels")
        }
        let even = Array(repeating: (size + outputs - 1) / outputs, count: outputs)
        let lengths = try call.opset < 13 ? call.node.integersAttribute("split") ?? even : call.integers(1) ?? even
        guard lengths.count == outputs, lengths.allSatisfy({ $0 >= 1 && $0 <= size }),
            lengths.reduce(0, +) == size
        else { throw call.node.misfit("\(size) channels into \(lengths)", expected: "parts that make up the whole") }
        var start = 0
        var parts: [Value] = []
        for length in lengths {
            parts.append(
                .signal(
                    try lowering.part(
                        of: features, axis: axis, base, from: start, length: .fixed(length), call)))
            start += length
        }
        return parts
    }

    /// Which axis of the base one of an operand's axes is, and its length.
    func wholeAxis(_ axis: Int, of operand: Operand, _ call: NodeCall) throws -> (axis: Int, extent: Extent) {
        let factors = operand.view.axes[axis]
        guard factors.count == 1, let factor = factors.first, factor.stride == 1,
            source(operand).shape[factor.axis] == factor.extent
        else {
            throw call.node.misfit(
                "axis \(axis) of \(operand.shape), which is \(factors.isEmpty ? "one element" : "part of an axis")",
                expected: "an axis of frames or channels")
        }
        return (factor.axis, factor.extent)
    }

    private mutating func part(
        of features: Operand, axis: Int, _ baseAxis: Int, from start: Int, length: Extent, _ call: NodeCall
    ) throws -> Operand {
        var shape = source(features).shape
        shape[baseAxis] = length
        var axes = features.view.axes
        axes[axis] = length == .one ? [] : [.init(axis: baseAxis, extent: length, stride: 1)]
        return emit(
            .slice(axis: baseAxis, start: start), [features], shape: shape, view: AxisView(axes: axes), of: call)
    }
}

extension NodeCall {
    fileprivate func length(of range: SliceRange, in extent: Extent) throws -> Extent {
        guard let length = range.length(of: extent), length.constant.map({ $0 >= 1 }) ?? true else {
            throw node.misfit(
                "elements \(range.start) to \(range.end) of \(extent)", expected: "a length that can be determined")
        }
        return length
    }
}

/// A range of indices as Slice takes it: negative ones count from the end, ones beyond the ends are clamped.
struct SliceRange {
    var start: Int
    var end: Int

    func indices(count: Int) -> Range<Int> {
        let (low, high) = (clamped(start, count: count), clamped(end, count: count))
        return low..<Swift.max(low, high)
    }

    /// The number of elements selected of an axis, if it can be determined for every signal: the whole axis up to a number
    /// of elements from its end.
    func length(of extent: Extent) -> Extent? {
        if let count = extent.constant { return .fixed(indices(count: count).count) }
        guard start == 0 else { return nil }
        if end < 0, end > -Self.unbounded { return extent.adding(.fixed(end)) }
        return end >= Self.unbounded ? extent : nil
    }

    private func clamped(_ index: Int, count: Int) -> Int {
        Swift.min(Swift.max(index < 0 ? index.checkedAdding(count) ?? 0 : index, 0), count)
    }

    /// Exporters write ends of 2³¹−1 or 2⁶³−1 for "to the end"; no axis is so long.
    private static let unbounded = Int(Int32.max)
}
