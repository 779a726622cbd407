import ONNXLoader

/// Matrix products and convolutions.
extension Lowering {
    static func matrixProduct(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: [])
        if call.isKnown(1) {
            return [.signal(try lowering.linear(try call.operand(0), by: try call.parameter(1), of: call))]
        }
        return [.signal(try lowering.product(try call.operand(0), try call.operand(1), of: call))]
    }

    /// com.microsoft.FusedMatMul: MatMul of values whose last two axes may be exchanged, or whose first and last but one,
    /// times `alpha`.
    static func fusedMatrixProduct(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...2)
        try call.node.requireAttributes(among: ["alpha", "transA", "transB", "transBatchA", "transBatchB"])
        guard try !call.node.flagAttribute("transBatchA", default: false),
            try !call.node.flagAttribute("transBatchB", default: false)
        else { throw call.node.misfit("transBatchA or transBatchB", expected: "products over the last two axes") }
        let alpha = Scalar(Double(try call.node.floatAttribute("alpha") ?? 1))
        let left = try call.operand(0).exchanged(if: call.node.flagAttribute("transA", default: false), of: call)
        let isTransposed = try call.node.flagAttribute("transB", default: false)
        var result: Operand
        if call.isKnown(1) {
            result = try lowering.linear(left, by: try call.matrix(1, isTransposed: isTransposed), of: call)
        } else {
            let right = try call.operand(1).exchanged(if: isTransposed, of: call)
            result = try lowering.product(left, right, of: call)
        }
        if alpha != .one { result = lowering.emit(elementwise: .scale(alpha), [result], of: call) }
        return [.signal(result)]
    }

    /// Gemm: alpha · A · B + beta · C; com.microsoft.FusedGemm puts an activation after it.
    static func gemm(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...3)
        try call.node.requireAttributes(
            among: ["alpha", "beta", "transA", "transB", "activation", "activation_alpha", "activation_beta"])
        guard try !call.node.flagAttribute("transA", default: false) else {
            throw call.node.misfit("transA", expected: "x · weight + bias")
        }
        let features = try call.operand(0)
        guard features.view.axes.count == 2 else {
            throw call.node.misfit("features of shape \(features.shape)", expected: "a matrix")
        }
        let weight = try call.matrix(1, isTransposed: try call.node.flagAttribute("transB", default: false))
        var result = try lowering.linear(features, by: weight, of: call)
        if let alpha = try call.node.floatAttribute("alpha"), alpha != 1 {
            result = lowering.emit(elementwise: .scale(Scalar(Double(alpha))), [result], of: call)
        }
        if call.hasInput(2) {
            guard try call.node.floatAttribute("beta") ?? 1 == 1 else {
                throw call.node.misfit("beta is not 1", expected: "x · weight + bias")
            }
            guard let bias = try call.parameter(2).flattened() else {
                throw call.node.misfit("a bias that is a matrix", expected: "one number per output")
            }
            result = try lowering.shifted(result, by: bias, of: call)
        }
        return [.signal(try lowering.activated(result, of: call))]
    }

    /// A convolution over time; com.microsoft.FusedConv puts an activation after it.
    static func convolution(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...3)
        try call.node.requireAttributes(
            among: [
                "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides", "activation",
                "activation_params",
            ])
        let weight = try call.parameter(1)
        let bias = call.hasInput(2) ? try call.parameter(2) : nil
        guard weight.shape.count == 3 else {
            throw call.node.misfit("a weight of shape \(weight.shape)", expected: "[outputs, channels, kernel]")
        }
        let settings = try ConvolutionSettings(call.node, kernel: weight.shape[2])
        let result = try lowering.convolution(
            try call.operand(0), .init(weight: weight, bias: bias), settings, of: call)
        return [.signal(try lowering.activated(result, of: call))]
    }

    // MARK: Operations

    /// x · weight, `[input, output]`, over the last axis.
    mutating func linear(_ features: Operand, by weight: Constant, of call: NodeCall, nodes: [Int]? = nil) throws
        -> Operand
    {
        guard weight.shape.count == 2, weight.elementCount >= 1, let length = features.view.axes.last else {
            throw call.node.misfit("a weight of shape \(weight.shape)", expected: "a matrix")
        }
        guard features.shape.last?.constant == weight.shape[0] else {
            throw call.node.misfit(
                "factors of shapes \(features.shape) and \(weight.shape)", expected: "inner sizes that agree")
        }
        var features = features
        // A base of [1, frames, channels], as that of every other layer.
        if length != lastAxis(of: features) || source(features).shape.count != 3 {
            features = try materialized(features, of: call)
        }
        let outputs = Extent.fixed(weight.shape[1])
        var shape = source(features).shape
        let axis = shape.count - 1
        shape[axis] = outputs
        var axes = features.view.axes
        axes[axes.count - 1] = outputs == .one ? [] : [.init(axis: axis, extent: outputs, stride: 1)]
        return emit(
            .linear(LinearParameters(weight: weight, bias: nil)), [features], shape: shape, view: AxisView(axes: axes),
            of: call, nodes: nodes)
    }

    /// The matrix product of two values' last two axes, for each place along the others.
    mutating func product(_ left: Operand, _ right: Operand, of call: NodeCall) throws -> Operand {
        let (lefts, rights) = (try call.extents(of: left), try call.extents(of: right))
        guard lefts.count >= 2, rights.count >= 2, lefts[lefts.count - 1] == rights[rights.count - 2],
            let batch = Array(lefts.dropLast(2)).broadcast(with: Array(rights.dropLast(2)))
        else {
            throw call.node.misfit(
                "factors of shapes \(left.shape) and \(right.shape)", expected: "inner sizes that agree")
        }
        return emit(
            .product, [left, right], shape: batch + [lefts[lefts.count - 2], rights[rights.count - 1]], of: call)
    }

    /// A convolution over one axis: ⌊(frames + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1 frames.
    mutating func convolution(
        _ features: Operand, _ parameters: ConvolutionParameters, _ settings: ConvolutionSettings, of call: NodeCall,
        nodes: [Int]? = nil
    ) throws -> Operand {
        let weight = parameters.weight.shape
        guard features.view.axes.count == 3, features.shape[0] == .one, weight.count == 3,
            weight.allSatisfy({ $0 >= 1 }),
            let channels = features.shape[1].constant, let length = features.shape[2].extent
        else {
            throw call.node.misfit(
                "features of shape \(features.shape) and weight of shape \(weight)",
                expected: "features [1, channels, frames] and weight [outputs, channels, kernel]")
        }
        let (outputs, kernel) = (weight[0], weight[2])
        guard weight[1].checkedMultiplied(by: settings.groups) == channels, outputs.isMultiple(of: settings.groups)
        else {
            throw call.node.misfit(
                "\(settings.groups) groups of \(weight[1]) channels into \(outputs)",
                expected: "groups that share \(channels) channels")
        }
        if let bias = parameters.bias, bias.shape != [outputs] {
            throw call.node.misfit("a bias of shape \(bias.shape)", expected: "one number per output")
        }
        guard let reach = settings.dilation.checkedMultiplied(by: kernel - 1)?.checkedAdding(1),
            let padding = settings.paddingBefore.checkedAdding(settings.paddingAfter)?.checkedSubtracting(reach),
            let frames = length.adding(.fixed(padding))?.floorDivided(by: settings.stride)?.adding(.one),
            frames.constant.map({ $0 >= 1 }) ?? true
        else { throw call.node.misfit("kernel \(kernel), \(settings)", expected: "sizes that can be computed with") }
        let shape: [Extent] = [.one, frames, .fixed(outputs)]
        return emit(
            .convolution(parameters, settings), [features], shape: shape,
            view: AxisView(of: shape).transposed([0, 2, 1]), of: call, nodes: nodes)
    }

    /// With the activation that com.microsoft's fused operators name.
    private mutating func activated(_ operand: Operand, of call: NodeCall) throws -> Operand {
        switch try call.node.stringAttribute("activation") {
        case nil: operand
        case "Tanh"?: emit(elementwise: .tanh, [operand], of: call)
        case let other?:
            throw call.node.misfit("the activation \(other)", expected: "Tanh, or none")
        }
    }
}

extension NodeCall {
    /// A constant matrix, with its axes exchanged if need be.
    fileprivate func matrix(_ index: Int, isTransposed: Bool) throws -> Constant {
        var matrix = try parameter(index)
        guard matrix.shape.count == 2 else {
            throw node.misfit("a weight of shape \(matrix.shape)", expected: "a matrix")
        }
        if isTransposed { matrix.isTransposed.toggle() }
        return matrix
    }
}

extension Operand {
    /// With the last two axes exchanged.
    fileprivate func exchanged(if isExchanged: Bool, of call: NodeCall) throws -> Operand {
        guard isExchanged else { return self }
        let rank = view.axes.count
        guard rank >= 2, let exchanged = view.transposed(Array(0..<rank - 2) + [rank - 1, rank - 2]) else {
            throw call.node.misfit("\(rank) axes", expected: "two axes at least")
        }
        var result = self
        result.view = exchanged
        return result
    }
}
