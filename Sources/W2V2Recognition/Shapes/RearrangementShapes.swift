import ONNXLoader

/// The shape rules of operators that move or select elements and compute nothing.
extension OperatorCall {
    func identity() throws -> ValueFacts {
        try requireInputs(1...1)
        return try input(0)
    }

    func transpose() throws -> ValueFacts {
        try requireInputs(1...1)
        try node.requireAttributes(among: ["perm"])
        let facts = try input(0)
        let permutation = try permutation(rank: facts.shape.count)
        return reshaped(facts, to: permutation.map { facts.shape[$0] })
    }

    /// The order in which a Transpose takes the axes of its input.
    func permutation(rank: Int) throws -> [Int] {
        let permutation = try node.integersAttribute("perm") ?? (0..<rank).reversed()
        guard permutation.sorted() == Array(0..<rank) else {
            throw node.misfit("perm \(permutation)", expected: "each of the \(rank) axes once")
        }
        return permutation
    }

    func reshape() throws -> ValueFacts {
        try requireInputs(2...2)
        try node.requireAttributes(among: ["allowzero"])
        let facts = try input(0)
        guard let targets = try input(1).extents() else {
            throw node.misfit("a target shape that is not known", expected: "one that follows from the signal's length")
        }
        if facts.isFlattened {
            guard targets == facts.shape else {
                throw node.misfit(
                    "\(facts.shape.text), flattened, to \(targets.text)", expected: "the shape before Flatten")
            }
            return ValueFacts(kind: facts.kind, shape: targets)
        }
        let zeroIsSize = try node.flagAttribute("allowzero", default: false)
        var shape: [Extent?] = []
        for (axis, target) in targets.enumerated() {
            switch target {
            case .fixed(-1): shape.append(nil)
            case .fixed(0) where !zeroIsSize && axis < facts.shape.count: shape.append(facts.shape[axis])
            default: shape.append(target)
            }
        }
        let known = shape.compactMap(\.self)
        guard known.count >= shape.count - 1, let total = ExtentProduct(facts.shape),
            let product = ExtentProduct(known), let rest = total.quotient(by: product),
            known.count < shape.count || rest == .one
        else { throw node.misfit("\(facts.shape.text) to \(targets.text)", expected: "as many elements as before") }
        return reshaped(facts, to: shape.map { $0 ?? rest })
    }

    func unsqueeze() throws -> ValueFacts {
        try node.requireAttributes(among: ["axes"])
        let facts = try input(0)
        guard let axes = try axes(attributeUntil: 12, input: 1) else {
            throw node.misfit("no axes", expected: "the axes to insert")
        }
        var shape = facts.shape
        for axis in try normalized(axes, rank: shape.count + axes.count) { shape.insert(.one, at: axis) }
        return reshaped(facts, to: shape)
    }

    func squeeze() throws -> ValueFacts {
        try node.requireAttributes(among: ["axes"])
        let facts = try input(0)
        let axes = try axes(attributeUntil: 12, input: 1) ?? facts.shape.indices.filter { facts.shape[$0] == .one }
        var shape = facts.shape
        for axis in try normalized(axes, rank: shape.count).reversed() {
            guard shape[axis] == .one else {
                throw node.misfit("axis \(axis) of \(facts.shape.text)", expected: "an axis of length 1")
            }
            shape.remove(at: axis)
        }
        return reshaped(facts, to: shape)
    }

    /// A matrix of the axes before `axis` and those from it on.
    func flatten() throws -> ValueFacts {
        try requireInputs(1...1)
        try node.requireAttributes(among: ["axis"])
        let facts = try input(0)
        let (rank, given) = (facts.shape.count, try node.integerAttribute("axis") ?? 1)
        // The axis may be the rank itself: then all axes come before it.
        let axis = given == rank ? rank : try node.axis(given, rank: rank)
        if rank > 2, axis == rank - 1, facts.kind == .float {
            return ValueFacts(kind: .float, shape: facts.shape, isFlattened: true)
        }
        let sizes = [facts.shape[..<axis], facts.shape[axis...]].map { extents in
            ExtentProduct([]).flatMap { one in ExtentProduct(Array(extents))?.quotient(by: one) }
        }
        guard let rows = sizes[0], let columns = sizes[1] else {
            throw node.misfit("axes \(axis) and on of \(facts.shape.text)", expected: "a matrix whose size can be told")
        }
        return reshaped(facts, to: [rows, columns])
    }

    func slice() throws -> ValueFacts {
        let facts = try input(0)
        let (axis, range) = try sliceRange()
        if facts.shape.count == 1, let list = try facts.extents() {
            return ValueFacts(
                kind: facts.kind, shape: [.fixed(range.indices(count: list.count).count)],
                content: .extents(Array(list[range.indices(count: list.count)])))
        }
        guard let length = range.length(of: facts.shape[axis]) else {
            throw node.misfit(
                "elements \(range.start) to \(range.end) of \(facts.shape[axis])",
                expected: "a length that can be determined"
            )
        }
        var result = ValueFacts(kind: facts.kind, shape: facts.shape)
        result.shape[axis] = length
        return result
    }

    /// What a Slice selects: a range of one axis, with step 1.
    func sliceRange() throws -> (axis: Int, range: SliceRange) {
        try requireInputs(3...5)
        try node.requireAttributes(among: [])
        let axes = try integers(3) ?? [0]
        guard let starts = try integers(1), let ends = try integers(2), starts.count == 1, ends.count == 1,
            axes.count == 1, try integers(4) ?? [1] == [1]
        else { throw node.misfit("a slice of several axes or with steps", expected: "a slice of one axis, step 1") }
        return (
            try node.axis(axes[0], rank: try input(0).shape.count), SliceRange(start: starts[0], end: ends[0])
        )
    }

    func expand() throws -> ValueFacts {
        try requireInputs(2...2)
        try node.requireAttributes(among: [])
        let facts = try input(0)
        guard let target = try input(1).extents(), let shape = facts.shape.broadcast(with: target) else {
            throw node.misfit("\(facts.shape.text) to another shape", expected: "a shape it broadcasts to")
        }
        var result = ValueFacts(kind: facts.kind, shape: shape)
        switch facts.content {
        case .nonNegative, .allTrue, .uniform: result.content = facts.content
        default: break
        }
        return result
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
