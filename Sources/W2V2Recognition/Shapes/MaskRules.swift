import ONNXLoader

/// The rules that prove a mask to mask nothing: positions counted from 0 are at least 0, so a choice that depends on
/// that has one outcome.
extension OperatorCall {
    func greaterOrEqual() throws -> ValueFacts {
        try requireInputs(2...2)
        try node.requireAttributes(among: [])
        let (left, right) = (try input(0), try input(1))
        guard let shape = left.shape.broadcast(with: right.shape) else {
            throw node.misfit("\(left.shape.text) and \(right.shape.text)", expected: "shapes that agree")
        }
        guard case .nonNegative = left.content, let bounds = try right.extents(),
            bounds.allSatisfy({ $0.constant.map { $0 <= 0 } ?? false })
        else {
            throw node.misfit(
                "a comparison that may fail for some position", expected: "one that every position passes")
        }
        return ValueFacts(kind: .boolean, shape: shape, content: .allTrue)
    }

    /// Where: with a condition that is true everywhere, the second input.
    func selection() throws -> ValueFacts {
        try requireInputs(3...3)
        try node.requireAttributes(among: [])
        let (condition, chosen, other) = (try input(0), try input(1), try input(2))
        guard let shape = condition.shape.broadcast(with: chosen.shape)?.broadcast(with: other.shape),
            chosen.kind == other.kind
        else { throw node.misfit("shapes or types that disagree", expected: "shapes that agree") }
        guard case .allTrue = condition.content, case .constant(let constant) = chosen.content,
            let value = try constant.scalar()
        else { throw node.misfit("a choice that may mask something", expected: "one with a single outcome") }
        return ValueFacts(kind: .float, shape: shape, content: .uniform(value))
    }
}

extension ShapeResolution {
    /// Range: start, start + 1, … up to the limit.
    mutating func range(_ call: OperatorCall) throws -> ValueFacts {
        try call.requireInputs(3...3)
        try call.node.requireAttributes(among: [])
        let parts = try (0..<3).map { index in
            let facts = try call.input(index)
            return facts.shape.count <= 1 ? try facts.extents() : nil
        }
        guard let start = parts[0]?.first?.constant, let limit = parts[1]?.first, parts[2] == [.one], start >= 0,
            let length = limit.subtracting(.fixed(start)), let samples = length.samplesNeeded(forAtLeast: 0)
        else {
            throw call.node.misfit(
                "a sequence that may be negative", expected: "positions counted from 0 in steps of 1")
        }
        require(samples: samples, for: "the sequence's length \(length) is negative", at: call.node)
        return ValueFacts(kind: .integer, shape: [length], content: .nonNegative)
    }
}
