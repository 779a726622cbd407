import ONNXLoader

/// The rules of operators that compute with sizes.
extension OperatorCall {
    func shapeOf() throws -> ValueFacts {
        try requireInputs(1...1)
        try node.requireAttributes(among: ["start", "end"])
        let shape = try input(0).shape
        let range = SliceRange(
            start: try node.integerAttribute("start") ?? 0, end: try node.integerAttribute("end") ?? shape.count)
        let extents = Array(shape[range.indices(count: shape.count)])
        return ValueFacts(kind: .integer, shape: [.fixed(extents.count)], content: .extents(extents))
    }

    func gather() throws -> ValueFacts {
        try requireInputs(2...2)
        try node.requireAttributes(among: ["axis"])
        guard let list = try input(0).extents(), try input(0).shape.count == 1,
            try node.integerAttribute("axis") ?? 0 == 0, let indices = try input(1).extents()
        else { throw node.misfit("selects from something else than sizes", expected: "a size, by a constant index") }
        let selected = try indices.map { index in
            guard let index = index.constant else {
                throw node.misfit("an index that depends on the signal", expected: "a constant index")
            }
            return list[try node.axis(index, rank: list.count)]
        }
        return ValueFacts(kind: .integer, shape: try input(1).shape, content: .extents(selected))
    }

    func concat() throws -> ValueFacts {
        try node.requireAttributes(among: ["axis"])
        var joined: [Extent] = []
        for index in inputs.indices {
            let facts = try input(index)
            guard facts.shape.count == 1, let list = try facts.extents() else {
                throw node.misfit("joins something else than sizes", expected: "lists of sizes")
            }
            joined += list
            guard joined.count <= Self.mostAxes else {
                throw node.misfit("\(joined.count) sizes", expected: "a shape of at most \(Self.mostAxes) axes")
            }
        }
        guard let axis = try node.integerAttribute("axis"), try node.axis(axis, rank: 1) == 0 else {
            throw node.misfit("no axis", expected: "axis 0")
        }
        return ValueFacts(kind: .integer, shape: [.fixed(joined.count)], content: .extents(joined))
    }

    /// A change between integer types leaves sizes as they are.
    func cast() throws -> ValueFacts {
        try requireInputs(1...1)
        let facts = try input(0)
        guard let number = try node.integerAttribute("to"), let type = ElementType(rawValue: number) else {
            throw node.misfit("no type", expected: "the type to change to")
        }
        guard facts.kind == .integer, type == .int64 || type == .int32, let list = try facts.extents() else {
            throw node.misfit("\(facts.kind) elements to \(type)", expected: "sizes that stay integers")
        }
        return ValueFacts(kind: .integer, shape: facts.shape, content: .extents(list))
    }
}

extension ShapeResolution {
    /// Add, Sub, Mul, Div and Pow: of sizes, or of features, element by element.
    mutating func arithmetic(_ call: OperatorCall) throws -> ValueFacts {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: [])
        let (left, right) = (try call.input(0), try call.input(1))
        guard left.kind == right.kind, let shape = left.shape.broadcast(with: right.shape) else {
            throw call.node.misfit(
                "\(left.kind) \(left.shape.text) and \(right.kind) \(right.shape.text)", expected: "shapes that agree")
        }
        guard left.kind == .integer else { return ValueFacts(kind: left.kind, shape: shape) }
        guard let lefts = try left.extents(), let rights = try right.extents(), shape.count <= 1,
            !lefts.isEmpty, !rights.isEmpty
        else {
            throw call.node.misfit("integers that are not sizes", expected: "sizes")
        }
        let extents = try (0..<Swift.max(lefts.count, rights.count)).map { index in
            try combine(
                lefts[lefts.count == 1 ? 0 : index], rights[rights.count == 1 ? 0 : index], by: call.node)
        }
        return ValueFacts(kind: .integer, shape: shape, content: .extents(extents))
    }

    private mutating func combine(_ left: Extent, _ right: Extent, by node: Node) throws -> Extent {
        let result: Extent? =
            switch node.operation {
            case "Add": left.adding(right)
            case "Sub": left.subtracting(right)
            case "Mul": left.multiplied(by: right)
            case "Div": try quotient(of: left, by: right, at: node)
            default: nil
            }
        guard let result else {
            throw node.misfit(
                "\(left) and \(right)", expected: "sizes whose result is again a size, rounded down")
        }
        return result
    }

    /// ONNX's integer division rounds towards zero. That is the floor where the numerator is not negative, which is
    /// then a condition on the signal.
    private mutating func quotient(of left: Extent, by right: Extent, at node: Node) throws -> Extent? {
        guard let divisor = right.constant, divisor >= 1, let samples = left.samplesNeeded(forAtLeast: 0) else {
            return nil
        }
        require(samples: samples, for: "the division's numerator \(left) is negative", at: node)
        return left.floorDivided(by: divisor)
    }
}
