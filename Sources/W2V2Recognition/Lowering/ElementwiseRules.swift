import ONNXLoader

/// Operators that compute each element from the elements at its place.
extension Lowering {
    /// One that reads a single value.
    static func unary(_ kind: Operation.Kind, attributes: Set<String> = []) -> Rule {
        { lowering, call in
            try call.requireInputs(1...1)
            try call.node.requireAttributes(among: attributes)
            return [.signal(lowering.emit(elementwise: kind, [try call.operand(0)], of: call))]
        }
    }

    static func sum(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try lowering.arithmetic(call, of: .sum, withNumber: { .shift($0) }, withVector: { .channelShift($0) })
    }

    static func product(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        if let value = try lowering.scaledQuantization(call) { return [value] }
        return try lowering.arithmetic(
            call, of: .elementwiseProduct, withNumber: { .scale($0) }, withVector: { .channelScale($0) })
    }

    static func difference(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        if call.isKnown(0), case .signal? = call.inputs.last {
            throw call.node.misfit("a constant less features", expected: "features less a constant, or sizes")
        }
        return try lowering.arithmetic(call, of: .difference, withNumber: { .shift(-$0) }, withVector: { _ in nil })
    }

    static func quotient(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        if call.isKnown(0), case .signal(let divisor)? = call.inputs.last {
            guard try call.known(0).number()?.value == 1 else {
                throw call.node.misfit("a constant divided by features", expected: "1, or features")
            }
            return [.signal(lowering.emit(elementwise: .reciprocal, [divisor], of: call))]
        }
        if let mean = try lowering.dividedTotal(call) { return [.signal(mean)] }
        return try lowering.arithmetic(
            call, of: .quotient, withNumber: { .scale($0.reciprocal) }, withVector: { _ in nil })
    }

    static func power(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        if call.isKnown(0), !call.isKnown(1) {
            throw call.node.misfit("a constant to the power of features", expected: "features to a constant power")
        }
        return try lowering.arithmetic(
            call, of: .other(nil),
            withNumber: { number in
                switch number.value {
                case 2: .square
                case 0.5: .squareRoot
                default: .power(number)
                }
            }, withVector: { _ in nil })
    }

    static func negation(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        return [.signal(lowering.emit(elementwise: .scale(Scalar(-1)), [try call.operand(0)], of: call))]
    }

    static func gelu(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["approximate"])
        let form = try call.node.stringAttribute("approximate") ?? "none"
        guard form == "none" else {
            throw call.node.misfit("GELU approximated by \(form)", expected: "the exact GELU, with erf")
        }
        return [.signal(lowering.emit(elementwise: .gelu, [try call.operand(0)], of: call))]
    }

    /// com.microsoft.BiasGelu: GELU of the sum of the two.
    static func biasGELU(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: [])
        let biased = try lowering.shifted(try call.operand(0), by: try call.parameter(1), of: call)
        return [.signal(lowering.emit(elementwise: .gelu, [biased], of: call))]
    }

    // MARK: Two values

    /// Add, Sub, Mul, Div or Pow: of sizes; of features and a number or vector; or of features alone.
    private mutating func arithmetic(
        _ call: NodeCall, of kind: Operation.Kind, withNumber: (Scalar) -> Operation.Kind,
        withVector: (Constant) -> Operation.Kind?
    ) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: [])
        switch (try call.value(0), try call.value(1)) {
        case (.known(let left), .known(let right)):
            return [.known(try sizeArithmetic(left, right, of: call))]
        case (.signal(let features), .known(let known)), (.known(let known), .signal(let features)):
            return [.signal(try combine(features, known, of: call, withNumber: withNumber, withVector: withVector))]
        case (.signal(let left), .signal(let right)):
            let (first, second, view, shape) = try aligned(left, right, of: call)
            return [.signal(emit(kind, [first, second], shape: shape, view: view, of: call))]
        default:
            throw call.node.misfit("quantised and other numbers", expected: "the scale that belongs to them")
        }
    }

    /// Features with what is the same for every signal: one number, or one for each channel.
    private mutating func combine(
        _ features: Operand, _ known: KnownValue, of call: NodeCall, withNumber: (Scalar) -> Operation.Kind,
        withVector: (Constant) -> Operation.Kind?
    ) throws -> Operand {
        guard known.kind == .float else {
            throw call.node.misfit("\(known.kind) and features", expected: "numbers of one type")
        }
        var features = features
        features.view = try padded(features.view, to: known.shape.count, meeting: known.shape, of: call)
        if case .uniform(let number) = known.content {
            let isNeutral =
                switch withNumber(Scalar(number)) {
                case .shift: number == 0
                case .scale: number == 1
                default: false
                }
            if isNeutral {
                mark(call.index, as: .emptyMask)
                return features
            }
        }
        let vector = known.constant.flatMap { channelVector($0, in: features) }
        if let number = try known.number(), vector == nil {
            return emit(elementwise: withNumber(number), [features], of: call)
        }
        guard let vector, let kind = withVector(vector) else {
            throw call.node.misfit(
                "a constant of shape \(known.shape.text) on \(features.shape)",
                expected: "one number, or one number per channel")
        }
        return emit(elementwise: kind, [features], of: call)
    }

    /// The view with axes of length 1 in front, so that it has as many as a shape that it meets and is not widened by.
    private func padded(_ view: AxisView, to rank: Int, meeting shape: [Extent], of call: NodeCall) throws -> AxisView {
        let axes = Array(repeating: [], count: max(0, rank - view.axes.count)) + view.axes
        let result = AxisView(axes: axes)
        for (length, extent) in zip(result.shape.reversed(), shape.reversed()) {
            guard extent == .one || length.extent == extent else {
                throw call.node.misfit(
                    "\(result.shape) and \(shape.text)", expected: "shapes that agree")
            }
        }
        return result
    }

    /// A constant with one number for each place along the base's last axis, as a list; nil if it is another.
    private func channelVector(_ constant: Constant, in features: Operand) -> Constant? {
        if constant.shape == [1], case .linear(let layer) = source(features).kind, layer.outputSize == 1 {
            return constant
        }
        let long = constant.shape.indices.filter { constant.shape[$0] != 1 }
        guard long.count == 1, let axis = long.first else { return nil }
        let factors = features.view.axes[features.view.axes.count - constant.shape.count + axis]
        guard factors == lastAxis(of: features), factors.first?.extent == .fixed(constant.elementCount) else {
            return nil
        }
        return constant.flattened()
    }

    /// The whole of the last axis of an operand's base.
    func lastAxis(of operand: Operand) -> [AxisView.Factor] {
        let shape = source(operand).shape
        return AxisView(of: shape).axes.last ?? []
    }

    /// A vector added to each frame's channels.
    mutating func shifted(_ operand: Operand, by vector: Constant, of call: NodeCall) throws -> Operand {
        guard vector.shape.count == 1, operand.view.axes.last == lastAxis(of: operand),
            source(operand).shape.last == .fixed(vector.elementCount)
        else {
            throw call.node.misfit(
                "a bias of shape \(vector.shape) on \(operand.shape)", expected: "one number per channel")
        }
        return emit(elementwise: .channelShift(vector), [operand], of: call)
    }

    /// Two values brought to one layout, and that of their result: the base's shape, and its view.
    func aligned(
        _ left: Operand, _ right: Operand, of call: NodeCall
    ) throws -> (left: Operand, right: Operand, view: AxisView, shape: [Extent]) {
        var (left, right) = (left, right)
        let rank = max(left.view.axes.count, right.view.axes.count)
        left.view = AxisView(axes: Array(repeating: [], count: rank - left.view.axes.count) + left.view.axes)
        right.view = AxisView(axes: Array(repeating: [], count: rank - right.view.axes.count) + right.view.axes)
        let pairs = zip(left.view.axes, right.view.axes)
        if pairs.allSatisfy({ $0 == $1 || $1.isEmpty }) { return (left, right, left.view, source(left).shape) }
        if pairs.allSatisfy({ $0 == $1 || $0.isEmpty }) { return (left, right, right.view, source(right).shape) }
        throw call.node.misfit(
            "\(left.shape) and \(right.shape)", expected: "shapes, and orders of axes, that agree")
    }
}
