import ONNXLoader

/// Operators that compute along an axis.
extension Lowering {
    static func softmax(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: ["axis"])
        let features = try call.operand(0)
        let rank = features.view.axes.count
        let axis = try call.node.axis(try call.node.integerAttribute("axis") ?? (call.opset < 13 ? 1 : -1), rank: rank)
        // Before operator set 13, it is over all axes from this one on.
        guard call.opset >= 13 || axis == rank - 1 || features.shape[(axis + 1)...].allSatisfy({ $0 == .one }) else {
            throw call.node.misfit(
                "softmax over axes \(axis) to \(rank - 1) of \(rank)", expected: "softmax over the last axis (the keys)"
            )
        }
        let (base, _) = try lowering.wholeAxis(axis, of: features, call)
        return [.signal(lowering.emit(elementwise: .softmax(axis: base), [features], of: call))]
    }

    static func mean(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        [.signal(try lowering.reduction(call, axesAsInputSince: 18) { .mean(axis: $0) })]
    }

    static func total(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        [.signal(try lowering.reduction(call, axesAsInputSince: 13) { .total(axis: $0) })]
    }

    /// One number for all elements along an axis of the base, where the axis stays with length 1.
    private mutating func reduction(
        _ call: NodeCall, axesAsInputSince opset: Int, _ kind: (Int) -> Operation.Kind
    ) throws -> Operand {
        try call.node.requireAttributes(among: ["axes", "keepdims", "noop_with_empty_axes"])
        guard try !call.node.flagAttribute("noop_with_empty_axes", default: false) || call.hasInput(1),
            let axes = try call.axes(attributeUntil: opset - 1, input: 1), !axes.isEmpty
        else {
            throw call.node.misfit("no axes", expected: "the axis to compute along")
        }
        let features = try call.operand(0)
        let given = try call.normalized(axes, rank: features.view.axes.count)
        // Axes of one element don't matter.
        let long = given.filter { !features.view.axes[$0].isEmpty }
        guard long.count == 1, let axis = long.first else {
            throw call.node.misfit(
                "axes \(given) of \(features.shape)", expected: "one axis, of frames or channels, to compute along")
        }
        let (base, _) = try wholeAxis(axis, of: features, call)
        var shape = source(features).shape
        shape[base] = .one
        var view = features.view.axes
        view[axis] = []
        if try !call.node.flagAttribute("keepdims", default: true) {
            view = view.indices.filter { !given.contains($0) }.map { view[$0] }
        }
        return emit(kind(base), [features], shape: shape, view: AxisView(axes: view), of: call)
    }

    /// A sum over an axis that is divided by the axis's length: their mean. Nil if it is another division.
    mutating func dividedTotal(_ call: NodeCall) throws -> Operand? {
        guard case .signal(let sum)? = call.inputs.first, call.isKnown(1), case let divisor = try call.known(1),
            case .total(let axis) = source(sum).kind, let input = source(sum).inputs.first,
            let lengths = try divisor.extents(), lengths == [source(input).shape[axis]],
            divisor.shape.allSatisfy({ $0 == .one })
        else { return nil }
        var operand = input
        operand.rearrangements += sum.rearrangements
        return emit(
            .mean(axis: axis), [operand], shape: source(sum).shape, view: sum.view, of: call,
            nodes: source(sum).nodes + [call.index])
    }

    // MARK: Norms

    static func layerNormalization(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...3)
        try call.node.requireAttributes(among: ["axis", "epsilon", "stash_type"])
        guard call.node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
            throw call.node.misfit("mean and deviation as outputs", expected: "the normalised features alone")
        }
        let bias = call.hasInput(2) ? try call.parameter(2) : nil
        return [
            .signal(
                try lowering.norm(
                    try call.operand(0), axis: try call.node.integerAttribute("axis") ?? -1, call,
                    kind: { .standardization(axis: $0, $1) }, weight: try call.parameter(1), bias: bias))
        ]
    }

    /// x / √(mean of x² + ε) · weight
    static func rootMeanSquareNormalization(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: ["axis", "epsilon", "stash_type"])
        return [
            .signal(
                try lowering.norm(
                    try call.operand(0), axis: try call.node.integerAttribute("axis") ?? -1, call,
                    kind: { .rootMeanSquareNorm(axis: $0, $1) }, weight: try call.parameter(1), bias: nil))
        ]
    }

    /// com.microsoft.SkipLayerNormalization: LayerNorm of input + skip + bias, and that sum as the fourth output.
    static func skipLayerNormalization(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...5)
        try call.node.requireAttributes(among: ["epsilon"])
        let outputs = call.node.outputs
        guard outputs.indices.allSatisfy({ [0, 3].contains($0) || outputs[$0].isEmpty }) else {
            throw call.node.misfit("mean and deviation as outputs", expected: "the normalised features and the sum")
        }
        let (left, right, view, shape) = try lowering.aligned(try call.operand(0), try call.operand(1), of: call)
        var sum = lowering.emit(.sum, [left, right], shape: shape, view: view, of: call)
        if call.hasInput(4) { sum = try lowering.shifted(sum, by: try call.parameter(4), of: call) }
        let norm = try lowering.norm(
            sum, axis: -1, call, kind: { .standardization(axis: $0, $1) }, weight: try call.parameter(2),
            bias: call.hasInput(3) ? try call.parameter(3) : nil, defaultEpsilon: 1e-12)
        let nothing = Value.unreadable(call.node.misfit("no such output", expected: "the normalised features"))
        return Array([.signal(norm), nothing, nothing, .signal(sum)].prefix(outputs.count))
    }

    private mutating func norm(
        _ features: Operand, axis: Int, _ call: NodeCall, kind: (Int, Epsilon) -> Operation.Kind, weight: Constant,
        bias: Constant?, defaultEpsilon: Float = 1e-5
    ) throws -> Operand {
        let rank = features.view.axes.count
        let axis = try call.node.axis(axis, rank: rank)
        guard axis == rank - 1 else {
            throw call.node.misfit("axes from \(axis) of \(rank) on", expected: "LayerNorm over the last axis")
        }
        guard try call.node.integerAttribute("stash_type") ?? 1 == 1 else {
            throw call.node.misfit("a reduced precision inside", expected: "float32 inside (stash_type 1)")
        }
        let (base, extent) = try wholeAxis(axis, of: features, call)
        for parameter in [weight, bias].compactMap(\.self) where [extent] != parameter.shape.map({ .fixed($0) }) {
            throw call.node.misfit(
                "a parameter of shape \(parameter.shape) on \(features.shape)", expected: "one number per channel")
        }
        let epsilon = Epsilon(
            value: Scalar(Double(try call.node.floatAttribute("epsilon") ?? defaultEpsilon)), node: call.node.label)
        let last = source(features).shape.count - 1
        let normalized = emit(elementwise: kind(base, epsilon), [features], of: call)
        guard base == last else {
            throw call.node.misfit("a weight along an axis that is not the last", expected: "one number per channel")
        }
        let scaled = emit(elementwise: .channelScale(weight), [normalized], of: call)
        guard let bias else { return scaled }
        return emit(elementwise: .channelShift(bias), [scaled], of: call)
    }
}
