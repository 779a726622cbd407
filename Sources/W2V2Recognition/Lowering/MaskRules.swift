import ONNXLoader

/// The rules that prove a mask to mask nothing: positions counted from 0 are at least 0, so a choice that depends on
/// that has one outcome.
extension Lowering {
    static func greaterOrEqual(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: [])
        let (left, right) = (try call.known(0), try call.known(1))
        guard let shape = left.shape.broadcast(with: right.shape) else {
            throw call.node.misfit("\(left.shape.text) and \(right.shape.text)", expected: "shapes that agree")
        }
        guard case .nonNegative = left.content, let bounds = try right.extents(),
            bounds.allSatisfy({ $0.constant.map { $0 <= 0 } ?? false })
        else {
            throw call.node.misfit(
                "a comparison that may fail for some position", expected: "one that every position passes")
        }
        return [.known(KnownValue(kind: .boolean, shape: shape, content: .truth(true)))]
    }

    /// Where: with a condition that is the same everywhere, one of the inputs.
    static func selection(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...3)
        try call.node.requireAttributes(among: [])
        guard call.isKnown(0), case let condition = try call.known(0), case .truth(let truth) = condition.content else {
            throw call.node.misfit("a choice that may mask something", expected: "one with a single outcome")
        }
        let (chosen, other) = (try call.value(truth ? 1 : 2), try call.value(truth ? 2 : 1))
        switch (chosen, other) {
        case (.known(let value), .known(let other)):
            guard let shape = condition.shape.broadcast(with: value.shape)?.broadcast(with: other.shape),
                value.kind == other.kind, let number = try value.number()
            else { throw call.node.misfit("shapes or types that disagree", expected: "shapes that agree") }
            return [.known(KnownValue(kind: value.kind, shape: shape, content: .uniform(number.value)))]
        case (.signal(let features), .known(let other)):
            let shape = features.shape.map(\.extent)
            guard let met = condition.shape.broadcast(with: other.shape), met.count <= shape.count,
                zip(shape.suffix(met.count), met).allSatisfy({ $1 == .one || $0 == $1 })
            else {
                throw call.node.misfit(
                    "\(features.shape) and \(condition.shape.text)", expected: "shapes that agree")
            }
            lowering.mark(call.index, as: .emptyMask)
            return [.signal(features)]
        default:
            throw call.node.misfit("a choice that may mask something", expected: "one with a single outcome")
        }
    }
}
