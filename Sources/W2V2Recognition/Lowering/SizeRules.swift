import ONNXLoader

/// Operators that compute with sizes.
extension Lowering {
    static func shapeOf(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["start", "end"])
        let shape: [Extent]
        switch try call.value(0) {
        case .known(let known): shape = known.shape
        default: shape = try call.extents(of: try call.operand(0))
        }
        let range = SliceRange(
            start: try call.node.integerAttribute("start") ?? 0,
            end: try call.node.integerAttribute("end") ?? shape.count)
        let extents = Array(shape[range.indices(count: shape.count)])
        return [.known(.sizes(extents))]
    }

    static func gather(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: ["axis"])
        guard call.isKnown(0), call.isKnown(1) else {
            throw call.node.misfit("selects features", expected: "a size, by a constant index")
        }
        let (sizes, indices) = (try call.known(0), try call.known(1))
        guard let list = try sizes.extents(), sizes.shape.count == 1, try call.node.integerAttribute("axis") ?? 0 == 0,
            let places = try indices.extents()
        else {
            throw call.node.misfit("selects from something else than sizes", expected: "a size, by a constant index")
        }
        let selected = try places.map { place in
            guard let index = place.constant else {
                throw call.node.misfit("an index that depends on the signal", expected: "a constant index")
            }
            return list[try call.node.axis(index, rank: list.count)]
        }
        return [.known(KnownValue(kind: sizes.kind, shape: indices.shape, content: .extents(selected)))]
    }

    static func concat(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.node.requireAttributes(among: ["axis"])
        var joined: [Extent] = []
        for index in call.inputs.indices {
            guard call.isKnown(index), case let part = try call.known(index), part.shape.count == 1,
                let list = try part.extents()
            else { throw call.node.misfit("joins something else than sizes", expected: "lists of sizes") }
            joined += list
            guard joined.count <= NodeCall.mostAxes else {
                throw call.node.misfit(
                    "\(joined.count) sizes", expected: "a shape of at most \(NodeCall.mostAxes) axes")
            }
        }
        guard let axis = try call.node.integerAttribute("axis"), try call.node.axis(axis, rank: 1) == 0 else {
            throw call.node.misfit("no axis", expected: "axis 0")
        }
        return [.known(.sizes(joined))]
    }

    static func expand(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: [])
        guard call.isKnown(0), call.isKnown(1) else {
            throw call.node.misfit("repeats features", expected: "a mask that is repeated")
        }
        let mask = try call.known(0)
        guard let target = try call.known(1).extents(), let shape = mask.shape.broadcast(with: target) else {
            throw call.node.misfit("\(mask.shape.text) to another shape", expected: "a shape it broadcasts to")
        }
        if let number = try mask.number() {
            return [.known(KnownValue(kind: mask.kind, shape: shape, content: .uniform(number.value)))]
        }
        guard let result = mask.reshaped(to: shape) else {
            throw call.node.misfit("repeats constants", expected: "a mask that is repeated")
        }
        return [.known(result)]
    }

    /// Range: start, start + 1, … up to the limit.
    static func range(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...3)
        try call.node.requireAttributes(among: [])
        let parts = try (0..<3).map { index in
            let known = try call.known(index)
            return known.shape.count <= 1 ? try known.extents() : nil
        }
        guard let start = parts[0]?.first?.constant, let limit = parts[1]?.first, parts[2] == [.one], start >= 0,
            let length = limit.subtracting(.fixed(start)), let samples = length.samplesNeeded(forAtLeast: 0)
        else {
            throw call.node.misfit(
                "a sequence that may be negative", expected: "positions counted from 0 in steps of 1")
        }
        lowering.require(samples: samples, for: "the sequence's length \(length) is negative", at: call.node)
        return [.known(KnownValue(kind: .integer, shape: [length], content: .nonNegative))]
    }

    static func constantOfShape(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["value"])
        guard let shape = try call.known(0).extents() else {
            throw call.node.misfit("a shape that is not known", expected: "one that follows from the signal's length")
        }
        guard case .tensor(let tensor)? = call.node.attributes["value"] else {
            return [.known(KnownValue(kind: .float, shape: shape, content: .uniform(0)))]
        }
        guard tensor.elementCount == 1, let number = try tensor.doubles().first else {
            throw call.node.misfit("a value of several elements", expected: "one number")
        }
        let kind = KnownValue(Constant(stored: tensor)).kind
        return [
            .known(
                KnownValue(
                    kind: kind, shape: shape, content: kind == .boolean ? .truth(number != 0) : .uniform(number)))
        ]
    }

    /// Add, Sub, Mul or Div of sizes.
    mutating func sizeArithmetic(_ left: KnownValue, _ right: KnownValue, of call: NodeCall) throws -> KnownValue {
        guard left.kind == right.kind, let shape = left.shape.broadcast(with: right.shape) else {
            throw call.node.misfit(
                "\(left.kind) \(left.shape.text) and \(right.kind) \(right.shape.text)", expected: "shapes that agree")
        }
        guard left.kind == .integer, let lefts = try left.extents(), let rights = try right.extents(),
            shape.count <= 1, !lefts.isEmpty, !rights.isEmpty
        else {
            throw call.node.misfit("\(left.kind) constants that are not sizes", expected: "sizes")
        }
        let extents = try (0..<Swift.max(lefts.count, rights.count)).map { index in
            try combine(
                lefts[lefts.count == 1 ? 0 : index], rights[rights.count == 1 ? 0 : index], by: call.node)
        }
        return KnownValue(kind: .integer, shape: shape, content: .extents(extents))
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

extension KnownValue {
    /// A list of sizes.
    static func sizes(_ extents: [Extent]) -> KnownValue {
        KnownValue(kind: .integer, shape: [.fixed(extents.count)], content: .extents(extents))
    }

    /// The same under another type, as far as it is known to stay what it is.
    func cast(to type: ElementType) throws -> KnownValue? {
        var result = self
        switch (kind, content) {
        case (.integer, _) where type == .int64 || type == .int32:
            guard let list = try extents() else { return self }
            result.content = .extents(list)
        case (.integer, .uniform), (.float, .uniform):
            guard case .uniform(let number) = content else { return nil }
            if type == .bool {
                result.content = .truth(number != 0)
            } else if !type.isFloatingPoint, number != number.rounded() {
                return nil
            }
            result.kind = type.isFloatingPoint ? .float : type == .bool ? .boolean : .integer
        case (.boolean, .truth(let truth)):
            if type != .bool { result.content = .uniform(truth ? 1 : 0) }
            result.kind = type.isFloatingPoint ? .float : type == .bool ? .boolean : .integer
        case (.integer, .extents) where type.isFloatingPoint, (.float, .extents) where type.isFloatingPoint:
            // Exact below 2²⁴.
            result.kind = .float
        case (.integer, .constant) where type.isFloatingPoint:
            guard let list = try extents() else { return nil }
            result = KnownValue(kind: .float, shape: shape, content: .extents(list))
        case (.float, .extents) where type == .int64 || type == .int32:
            result.kind = .integer
        default: return nil
        }
        return result
    }
}
