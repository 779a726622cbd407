import ONNXLoader

/// Quantised numbers: weights are taken as the whole numbers and scales that they are, and what is computed with is not
/// rounded. The graph rounds it to save time; leaving that out is the one change that is not exact, and it brings the result
/// nearer to that of the network before it was quantised.
extension Lowering {
    static func dynamicQuantization(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(1...1)
        try call.node.requireAttributes(among: [])
        let operand = lowering.rearranged(try call.operand(0), by: call)
        return Array(
            [
                .quantized(.elements(of: operand, nil)), .quantized(.scale(of: operand, times: nil, nodes: [])),
                .quantized(.zeroPoint(of: operand)),
            ].prefix(call.node.outputs.count))
    }

    static func quantization(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...3)
        try call.node.requireAttributes(
            among: ["axis", "saturate", "block_size", "output_dtype", "precision"])
        if call.isKnown(0) {
            lowering.mark(call.index, as: .size)
            return [.quantized(.known(try call.known(0), try call.quantizationParameters()))]
        }
        let operand = lowering.rearranged(try call.operand(0), by: call)
        return [.quantized(.elements(of: operand, try call.quantizationParameters()))]
    }

    static func dequantization(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...3)
        try call.node.requireAttributes(among: ["axis", "block_size", "output_dtype"])
        if case .quantized(.known(let known, try call.quantizationParameters())) = try call.value(0) {
            return [.known(known)]
        }
        guard case .quantized(.elements(let operand, let parameters?)) = try call.value(0) else {
            throw call.node.misfit("numbers that QuantizeLinear did not make", expected: "those")
        }
        guard try parameters == call.quantizationParameters() else {
            throw call.node.misfit(
                "another scale or zero point than that of QuantizeLinear", expected: "those with which it quantised")
        }
        return [.signal(lowering.rearranged(operand, by: call))]
    }

    static func integerProduct(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...4)
        try call.node.requireAttributes(among: [])
        return [.quantized(.accumulated(try call.quantizedLayer(.matrix)))]
    }

    static func integerConvolution(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(2...4)
        try call.node.requireAttributes(
            among: ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
        let weight = try call.constant(1)
        guard weight.shape.count == 3 else {
            throw call.node.misfit("a weight of shape \(weight.shape)", expected: "[outputs, channels, kernel]")
        }
        let settings = try ConvolutionSettings(call.node, kernel: weight.shape[2])
        return [.quantized(.accumulated(try call.quantizedLayer(.convolution(settings))))]
    }

    /// Mul of scales, or of whole-numbered sums by their scale, which makes a layer of them; nil if it is another.
    mutating func scaledQuantization(_ call: NodeCall) throws -> Value? {
        try call.requireInputs(2...2)
        switch (try call.value(0), try call.value(1)) {
        case (.quantized(.scale(let operand, nil, let nodes)), .known(let known)),
            (.known(let known), .quantized(.scale(let operand, nil, let nodes))):
            guard let constant = known.constant?.flattened(), constant.elementType.isFloatingPoint else {
                throw call.node.misfit("a scale times something else", expected: "the weight's scale")
            }
            return .quantized(.scale(of: operand, times: constant, nodes: nodes + [call.index]))
        case (.quantized(.accumulated(let layer)), .quantized(.scale(let operand, let factor?, let nodes))),
            (.quantized(.scale(let operand, let factor?, let nodes)), .quantized(.accumulated(let layer))):
            guard operand.isSame(as: layer.input) else {
                throw call.node.misfit("the scale of other numbers", expected: "the scale of the product's input")
            }
            return .signal(
                try self.layer(layer, scales: factor, nodes: layer.nodes + nodes + [call.index], of: call))
        default: return nil
        }
    }

    /// com.microsoft.MatMulIntegerToFloat: MatMulInteger, times both scales, plus a bias.
    static func scaledIntegerProduct(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(4...7)
        try call.node.requireAttributes(among: [])
        guard case .quantized(.elements(let input, nil)) = try call.value(0),
            case .quantized(.scale(let operand, nil, _)) = try call.value(2), operand.isSame(as: input)
        else { throw call.node.misfit("numbers and a scale of different values", expected: "those of one value") }
        if call.hasInput(4) {
            guard case .quantized(.zeroPoint(let operand)) = try call.value(4), operand.isSame(as: input) else {
                throw call.node.misfit("the zero point of other numbers", expected: "that of the product's input")
            }
        }
        return [
            .signal(
                try lowering.quantizedProduct(
                    input, weight: 1, scale: 3, zeroPoint: 5, bias: 6, of: call))
        ]
    }

    /// com.microsoft.DynamicQuantizeMatMul: the same on features that it quantises itself.
    static func dynamicQuantizedProduct(_ lowering: inout Lowering, _ call: NodeCall) throws -> [Value] {
        try call.requireInputs(3...5)
        try call.node.requireAttributes(among: [])
        return [
            .signal(
                try lowering.quantizedProduct(
                    try call.operand(0), weight: 1, scale: 2, zeroPoint: 3, bias: 4, of: call))
        ]
    }

    private mutating func quantizedProduct(
        _ input: Operand, weight: Int, scale: Int, zeroPoint: Int, bias: Int, of call: NodeCall
    ) throws -> Operand {
        let layer = QuantizedLayer(
            kind: .matrix, input: input, weight: try call.constant(weight),
            zeroPoints: call.hasInput(zeroPoint) ? try call.constant(zeroPoint).stored.integers() : [],
            nodes: [call.index])
        guard let scales = try call.constant(scale).flattened() else {
            throw call.node.misfit("scales in a matrix", expected: "one scale, or one for each output")
        }
        let product = try self.layer(layer, scales: scales, nodes: layer.nodes, of: call)
        return call.hasInput(bias) ? try shifted(product, by: try call.parameter(bias), of: call) : product
    }

    /// The layer that products of whole numbers and their scales stand for.
    private mutating func layer(
        _ layer: QuantizedLayer, scales: Constant, nodes: [Int], of call: NodeCall
    ) throws -> Operand {
        var weight = layer.weight
        let axis = if case .matrix = layer.kind { weight.shape.count - 1 } else { 0 }
        weight.scales = Quantization(
            of: weight.stored, scales: try scales.floats(in: 0..<scales.elementCount), zeroPoints: layer.zeroPoints,
            axis: axis)
        guard weight.scales != nil, !weight.isTransposed else {
            throw call.node.misfit(
                "\(scales.elementCount) scales for a weight of shape \(weight.shape), \(weight.elementType)",
                expected: "one scale, or one for each output")
        }
        switch layer.kind {
        case .matrix: return try linear(layer.input, by: weight, of: call, nodes: nodes)
        case .convolution(let settings):
            return try convolution(
                layer.input, ConvolutionParameters(weight: weight, bias: nil), settings, of: call, nodes: nodes)
        }
    }
}

extension NodeCall {
    /// The scale and zero point of QuantizeLinear or DequantizeLinear, which must be constant.
    fileprivate func quantizationParameters() throws -> QuantizationParameters {
        let scales = try constant(1)
        return QuantizationParameters(
            scales: try scales.floats(in: 0..<scales.elementCount),
            zeroPoints: hasInput(2) ? try constant(2).stored.integers() : [0])
    }

    /// MatMulInteger's or ConvInteger's part.
    fileprivate func quantizedLayer(_ kind: QuantizedLayer.Kind) throws -> QuantizedLayer {
        guard case .quantized(.elements(let input, nil)) = try value(0) else {
            throw node.misfit("numbers that DynamicQuantizeLinear did not make", expected: "those")
        }
        guard hasInput(2), case .quantized(.zeroPoint(let operand)) = try value(2), operand.isSame(as: input) else {
            throw node.misfit("the zero point of other numbers", expected: "that of the product's input")
        }
        return QuantizedLayer(
            kind: kind, input: input, weight: try constant(1),
            zeroPoints: hasInput(3) ? try constant(3).stored.integers() : [], nodes: [index])
    }
}

extension Operand {
    /// Whether two operands are the same value.
    func isSame(as other: Operand) -> Bool { source == other.source && view == other.view }
}
