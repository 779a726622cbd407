import ONNXLoader

/// The shape rules of operators that compute features.
extension OperatorCall {
    func elementwise(inputs count: Int, attributes: Set<String> = []) throws -> ValueFacts {
        try requireInputs(count...count)
        try node.requireAttributes(among: attributes)
        let facts = try input(0)
        try requireFloat(facts)
        return ValueFacts(kind: .float, shape: facts.shape)
    }

    func softmax() throws -> ValueFacts {
        try requireInputs(1...1)
        try node.requireAttributes(among: ["axis"])
        let facts = try input(0)
        try requireFloat(facts)
        if facts.isFlattened, try node.axis(softmaxAxis(), rank: 2) != 1 {
            throw node.misfit("softmax over the rows of a matrix", expected: "softmax over its columns")
        }
        return ValueFacts(kind: .float, shape: facts.shape, isFlattened: facts.isFlattened)
    }

    /// The axis of a Softmax as the node gives it.
    func softmaxAxis() throws -> Int { try node.integerAttribute("axis") ?? (opset < 13 ? 1 : -1) }

    func layerNormalization() throws -> ValueFacts {
        try requireInputs(2...3)
        try node.requireAttributes(among: ["axis", "epsilon", "stash_type"])
        let facts = try input(0)
        try requireFloat(facts)
        for index in 1..<inputs.count where hasInput(index) {
            let shape = try input(index).shape
            guard let size = facts.shape.last, shape == [size] else {
                throw node.misfit(
                    "a parameter of shape \(shape.text) on \(facts.shape.text)", expected: "one number per channel")
            }
        }
        return ValueFacts(kind: .float, shape: facts.shape)
    }

    func instanceNormalization() throws -> ValueFacts {
        try requireInputs(3...3)
        return ValueFacts(kind: .float, shape: try input(0).shape)
    }

    func mean() throws -> ValueFacts {
        let facts = try input(0)
        try requireFloat(facts)
        let (axes, keepsAxes) = try meanAxes()
        let shape = facts.shape.enumerated().compactMap { axis, extent in
            axes.contains(axis) ? (keepsAxes ? Extent.one : nil) : extent
        }
        return ValueFacts(kind: .float, shape: shape)
    }

    /// The axes that a ReduceMean takes the mean over, and whether they stay with length 1.
    func meanAxes() throws -> (axes: [Int], keepsAxes: Bool) {
        try node.requireAttributes(among: ["axes", "keepdims", "noop_with_empty_axes"])
        guard try !node.flagAttribute("noop_with_empty_axes", default: false),
            let axes = try axes(attributeUntil: 17, input: 1), !axes.isEmpty
        else {
            throw node.misfit("no axes", expected: "the axes to take the mean over")
        }
        let keepsAxes = try node.flagAttribute("keepdims", default: true)
        return (try normalized(axes, rank: try input(0).shape.count), keepsAxes)
    }

    func matrixProduct() throws -> ValueFacts {
        try requireInputs(2...2)
        try node.requireAttributes(among: [])
        let (left, right) = (try input(0), try input(1))
        try requireFloat(left)
        try requireFloat(right)
        guard let rows = left.shape.dropLast().last, let inner = left.shape.last,
            let columns = right.shape.last, let other = right.shape.dropLast().last, inner == other,
            let batch = Array(left.shape.dropLast(2)).broadcast(with: Array(right.shape.dropLast(2)))
        else {
            throw node.misfit(
                "factors of shapes \(left.shape.text) and \(right.shape.text)", expected: "inner sizes that agree")
        }
        return ValueFacts(kind: .float, shape: batch + [rows, columns])
    }

    func gemm() throws -> ValueFacts {
        try requireInputs(2...3)
        try node.requireAttributes(among: ["alpha", "beta", "transA", "transB"])
        let (left, right) = (try input(0), try input(1))
        try requireFloat(left)
        try requireFloat(right)
        let rows = try node.flagAttribute("transA", default: false) ? left.shape.reversed() : left.shape
        let columns = try node.flagAttribute("transB", default: false) ? right.shape.reversed() : right.shape
        guard rows.count == 2, columns.count == 2, rows[1] == columns[0] else {
            throw node.misfit(
                "factors of shapes \(left.shape.text) and \(right.shape.text)", expected: "inner sizes that agree")
        }
        let shape = [rows[0], columns[1]]
        try requireBias(2) { shape.broadcast(with: $0) == shape }
        return ValueFacts(kind: .float, shape: shape)
    }

    /// Refuses a bias, if there is one, that does not fit the outputs.
    private func requireBias(_ index: Int, fits: ([Extent]) -> Bool) throws {
        guard hasInput(index) else { return }
        let shape = try input(index).shape
        guard fits(shape) else { throw node.misfit("a bias of shape \(shape.text)", expected: "one number per output") }
    }

    /// A convolution over one axis: ⌊(frames + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1 frames.
    func convolution() throws -> ValueFacts {
        try requireInputs(2...3)
        try node.requireAttributes(
            among: ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
        let (features, weight) = (try input(0), try input(1))
        try requireFloat(features)
        guard features.shape.count == 3, weight.shape.count == 3, let channels = features.shape[1].constant,
            let outputs = weight.shape[0].constant, let groupSize = weight.shape[1].constant,
            let kernel = weight.shape[2].constant, kernel >= 1, outputs >= 1
        else {
            throw node.misfit(
                "features of shape \(features.shape.text) and weight of shape \(weight.shape.text)",
                expected: "features [1, channels, frames] and weight [outputs, channels, kernel]")
        }
        let settings = try ConvolutionSettings(node, kernel: kernel)
        guard groupSize.checkedMultiplied(by: settings.groups) == channels, outputs.isMultiple(of: settings.groups)
        else {
            throw node.misfit(
                "\(settings.groups) groups of \(groupSize) channels into \(outputs)",
                expected: "groups that share \(channels) channels")
        }
        try requireBias(2) { $0 == [.fixed(outputs)] }
        guard let reach = settings.dilation.checkedMultiplied(by: kernel - 1)?.checkedAdding(1),
            let padding = settings.paddingBefore.checkedAdding(settings.paddingAfter)?.checkedSubtracting(reach),
            let frames = features.shape[2].adding(.fixed(padding))?.floorDivided(by: settings.stride)?
                .adding(.one)
        else { throw node.misfit("kernel \(kernel), \(settings)", expected: "sizes that can be computed with") }
        return ValueFacts(kind: .float, shape: [features.shape[0], .fixed(outputs), frames])
    }
}

/// The attributes of a convolution over one axis.
struct ConvolutionSettings: CustomStringConvertible {
    var groups: Int
    var stride: Int
    var dilation: Int
    var paddingBefore: Int
    var paddingAfter: Int

    init(_ node: Node, kernel: Int) throws {
        if let automatic = try node.stringAttribute("auto_pad"), automatic != "NOTSET" {
            throw node.misfit("auto_pad \(automatic)", expected: "explicit padding")
        }
        if let declared = try node.integersAttribute("kernel_shape"), declared != [kernel] {
            throw node.misfit("kernel_shape \(declared)", expected: "the weight's, [\(kernel)]")
        }
        groups = try node.integerAttribute("group") ?? 1
        let strides = try node.integersAttribute("strides") ?? [1]
        let dilations = try node.integersAttribute("dilations") ?? [1]
        let pads = try node.integersAttribute("pads") ?? [0, 0]
        guard groups >= 1, strides.count == 1, strides[0] >= 1, dilations.count == 1, dilations[0] >= 1,
            pads.count == 2, pads.allSatisfy({ $0 >= 0 })
        else {
            throw node.misfit(
                "\(groups) groups, strides \(strides), dilations \(dilations), pads \(pads)",
                expected: "a convolution over one axis")
        }
        (stride, dilation, paddingBefore, paddingAfter) = (strides[0], dilations[0], pads[0], pads[1])
    }

    var description: String {
        "\(groups) groups, stride \(stride), dilation \(dilation), padding \(paddingBefore) and \(paddingAfter)"
    }
}
