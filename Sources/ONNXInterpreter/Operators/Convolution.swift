/// Conv along one axis of time.
extension Operators {
    static let convolutionAttributes: Set = ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"]

    static let convolutions = [
        Operator("Conv", since: 11, inputs: 2...3, attributes: convolutionAttributes, evaluate: convolution)
    ]

    /// Conv: the input is [batch, channels, time], the weight [output channels, channels of a group, kernel], the bias
    /// [output channels], the result [batch, output channels, frames].
    static func convolution(_ call: Call) throws -> InterpreterTensor {
        try convolution(
            ConvolutionPlan(call, bias: 2), of: call.reals(0), call.reals(1),
            bias: call.optionalInput(2).map { _ in try call.reals(2) }, call)
    }

    /// A convolution of elements in the layout of Conv's inputs.
    ///
    /// It is computed as a sum of matrix products, one for each tap of the kernel:
    /// result[:, t] += weight[:, :, tap] · input[:, t · stride + tap · dilation − pad].
    static func convolution(
        _ plan: ConvolutionPlan, of input: [Double], _ weight: [Double], bias: [Double]?, _ call: Call
    ) throws -> InterpreterTensor {
        let shape = [plan.batch, plan.outputChannels, plan.frames]
        var result = [Double](repeating: 0, count: try call.checkedCount(of: shape))
        if let bias {
            result = try call.broadcast(bias, of: [plan.outputChannels, 1], to: shape)
        }
        guard !result.isEmpty, plan.groupInputs > 0 else { return try InterpreterTensor(shape: shape, real: result) }

        try call.checkedCount(of: [plan.groupInputs, plan.frames])
        for group in 0..<plan.groups {
            for tap in 0..<plan.kernel {
                // [output channels of the group, channels of the group]
                let tapWeight = (0..<plan.groupOutputs * plan.groupInputs).map {
                    weight[(group * plan.groupOutputs * plan.groupInputs + $0) * plan.kernel + tap]
                }
                for item in 0..<plan.batch {
                    let firstInput = item * plan.inputChannels + group * plan.groupInputs
                    let firstOutput = item * plan.outputChannels + group * plan.groupOutputs
                    addProduct(
                        Matrix(tapWeight, rows: plan.groupOutputs, columns: plan.groupInputs),
                        Matrix(
                            plan.samples(under: tap, of: input, fromChannel: firstInput), rows: plan.groupInputs,
                            columns: plan.frames),
                        to: &result, at: firstOutput * plan.frames)
                }
            }
        }
        return try InterpreterTensor(shape: shape, real: result)
    }
}

/// The sizes of a convolution, read from a node and its inputs and checked against each other.
struct ConvolutionPlan {
    let batch: Int
    let inputChannels: Int
    let time: Int
    let outputChannels: Int
    let groups: Int
    let kernel: Int
    let stride: Int
    let dilation: Int
    /// How many zeros stand before the first sample.
    let padding: Int
    let frames: Int

    var groupInputs: Int { inputChannels / groups }
    var groupOutputs: Int { outputChannels / groups }

    /// `weightIndex` and `biasIndex` are the places of those inputs; there may be no bias.
    init(_ call: Call, weight weightIndex: Int = 1, bias biasIndex: Int? = nil) throws {
        let input = try call.input(0).shape
        let weight = try call.input(weightIndex).shape
        try require(input.count == 3, .wrongShape(input: 0, found: input, expected: "[batch, channels, time]"))
        try require(
            weight.count == 3 && weight[2] > 0,
            .wrongShape(input: weightIndex, found: weight, expected: "[output channels, channels, kernel]"))
        (batch, inputChannels, time) = (input[0], input[1], input[2])
        (outputChannels, kernel) = (weight[0], weight[2])
        let groups = try call.int("group") ?? 1
        try require(
            groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0,
            .unsupportedAttributeValue(
                "group", value: "\(groups)", expected: "a divisor of \(inputChannels) and \(outputChannels) channels"))
        self.groups = groups
        try require(
            weight[1] == inputChannels / groups,
            .wrongShape(
                input: weightIndex, found: weight, expected: "[output channels, \(inputChannels / groups), kernel]"))
        if let biasIndex, let bias = call.optionalInput(biasIndex), bias.shape != [outputChannels] {
            throw InterpreterError(.wrongShape(input: biasIndex, found: bias.shape, expected: "[\(outputChannels)]"))
        }

        let automatic = try call.string("auto_pad") ?? "NOTSET"
        try require(
            automatic == "NOTSET",
            .unsupportedAttributeValue("auto_pad", value: "'\(automatic)'", expected: "'NOTSET'"))
        let kernelShape = try call.ints("kernel_shape") ?? [kernel]
        try require(
            kernelShape == [kernel],
            .unsupportedAttributeValue(
                "kernel_shape", value: "\(kernelShape)", expected: "[\(kernel)], as the weight has"))
        stride = try Self.sizes("strides", of: call, count: 1, atLeast: 1, default: 1)[0]
        dilation = try Self.sizes("dilations", of: call, count: 1, atLeast: 1, default: 1)[0]
        let pads = try Self.sizes("pads", of: call, count: 2, atLeast: 0, default: 0)
        padding = pads[0]

        // With every size within 32 bits, no sum or product of two of them below can overflow.
        for size in [time, kernel, stride, dilation, pads[0], pads[1]] where size > Int(Int32.max) {
            throw InterpreterError(.invalidValue("a size", value: "\(size)", expected: "at most \(Int32.max)"))
        }
        let padded = pads[0] + time + pads[1]
        let span = (kernel - 1) * dilation + 1
        try require(
            padded >= span,
            .wrongShape(
                input: 0, found: input, expected: "at least \(span - pads[0] - pads[1]) samples, as the kernel spans"))
        frames = (padded - span) / stride + 1
    }

    /// A list of sizes: one value for each end or axis.
    private static func sizes(
        _ name: String, of call: Call, count: Int, atLeast least: Int, default standard: Int
    ) throws -> [Int] {
        let values = try call.ints(name) ?? Array(repeating: standard, count: count)
        try require(
            values.count == count && values.allSatisfy({ $0 >= least }),
            .unsupportedAttributeValue(
                name, value: "\(values)", expected: "\(count) of \(least) or more, for one axis"))
        return values
    }

    /// The samples that a tap of the kernel meets: [channels of a group, frames], with zeros where there is padding.
    /// `channel` counts through the whole batch.
    func samples(under tap: Int, of input: [Double], fromChannel channel: Int) -> [Double] {
        var samples = [Double]()
        samples.reserveCapacity(groupInputs * frames)
        for row in channel..<channel + groupInputs {
            for frame in 0..<frames {
                let moment = frame * stride + tap * dilation - padding
                samples.append(moment >= 0 && moment < time ? input[row * time + moment] : 0)
            }
        }
        return samples
    }
}
