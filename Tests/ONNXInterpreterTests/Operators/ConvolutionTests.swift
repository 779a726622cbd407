import ONNXInterpreter
import ONNXLoader
import Testing

@Suite struct ConvolutionTests {
    struct Form: Sendable, CustomTestStringConvertible {
        var batch = 1
        var channels = 1
        var time: Int
        var outputs = 1
        var groups = 1
        var kernel: Int
        var stride = 1
        var dilation = 1
        var pads = [0, 0]
        var bias = true

        var testDescription: String {
            "\(batch)×\(channels)×\(time) to \(outputs) by \(kernel) in \(groups), stride \(stride), "
                + "dilation \(dilation), pads \(pads)"
        }
    }

    @Test(arguments: [
        Form(time: 10, kernel: 10, stride: 5),
        Form(time: 23, outputs: 3, kernel: 10, stride: 5),
        Form(batch: 2, channels: 3, time: 8, outputs: 5, kernel: 3, stride: 2),
        Form(batch: 2, channels: 6, time: 7, outputs: 4, groups: 2, kernel: 4, pads: [2, 2]),
        Form(channels: 4, time: 5, outputs: 4, groups: 4, kernel: 2, dilation: 3, pads: [0, 4]),
        Form(channels: 2, time: 9, outputs: 2, kernel: 3, stride: 3, dilation: 2, pads: [5, 1], bias: false),
        Form(channels: 2, time: 1, outputs: 2, kernel: 1, stride: 7),
        Form(channels: 2, time: 0, outputs: 2, kernel: 2, pads: [1, 2]),
        Form(batch: 0, channels: 2, time: 4, outputs: 2, kernel: 2),
    ])
    func `agrees with the definition`(form: Form) throws {
        let x = try noise([form.batch, form.channels, form.time], seed: 1)
        let w = try noise([form.outputs, form.channels / form.groups, form.kernel], seed: 2)
        let b = form.bias ? try noise([form.outputs], seed: 3) : nil
        let y = try result(
            "Conv", x, w, b,
            attributes: [
                "group": .int(Int64(form.groups)), "strides": .ints([Int64(form.stride)]),
                "dilations": .ints([Int64(form.dilation)]), "pads": .ints(form.pads.map { Int64($0) }),
                "kernel_shape": .ints([Int64(form.kernel)]), "auto_pad": .string("NOTSET"),
            ])
        #expect(try largestDifference(y, naiveConvolution(x, w, b, form)) < doubleTolerance)
    }

    @Test func `standard values of the attributes`() throws {
        let y = try result("Conv", real([1, 1, 4], [1, 2, 3, 5]), real([1, 1, 2], [10, 1]))
        #expect(try y == real([1, 1, 3], [12, 23, 35]))
    }

    @Test func `what is not a convolution along one axis is refused`() throws {
        let x = try noise([1, 2, 5], seed: 1)
        let w = try noise([2, 2, 3], seed: 2)
        #expect(
            try refusal("Conv", noise([1, 2, 5, 5], seed: 1), noise([2, 2, 3, 3], seed: 2))
                == .wrongShape(input: 0, found: [1, 2, 5, 5], expected: "[batch, channels, time]"))
        #expect(
            try refusal("Conv", x, noise([2, 3], seed: 2))
                == .wrongShape(input: 1, found: [2, 3], expected: "[output channels, channels, kernel]"))
        #expect(
            try refusal("Conv", x, noise([2, 1, 3], seed: 2))
                == .wrongShape(input: 1, found: [2, 1, 3], expected: "[output channels, 2, kernel]"))
        #expect(try refusal("Conv", x, w, noise([3], seed: 3)) == .wrongShape(input: 2, found: [3], expected: "[2]"))
        #expect(
            try refusal("Conv", noise([1, 2, 2], seed: 1), w)
                == .wrongShape(input: 0, found: [1, 2, 2], expected: "at least 3 samples, as the kernel spans"))
    }

    @Test(arguments: [
        ("auto_pad", Attribute.string("SAME_UPPER"), "'SAME_UPPER'"), ("group", .int(3), "3"), ("group", .int(0), "0"),
        ("kernel_shape", .ints([4]), "[4]"), ("strides", .ints([0]), "[0]"), ("strides", .ints([1, 1]), "[1, 1]"),
        ("dilations", .ints([-1]), "[-1]"), ("pads", .ints([1]), "[1]"), ("pads", .ints([0, -1]), "[0, -1]"),
    ])
    func `attributes with values that don't fit`(name: String, attribute: Attribute, text: String) throws {
        let found = try refusal(
            "Conv", noise([1, 2, 5], seed: 1), noise([2, 2, 3], seed: 2), attributes: [name: attribute])
        guard case .unsupportedAttributeValue(name, text, _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }

    @Test func `huge attributes neither overflow nor allocate`() throws {
        let (x, w) = (try noise([1, 2, 5], seed: 1), try noise([2, 2, 3], seed: 2))
        for name in ["pads", "strides", "dilations"] {
            let values: [Int64] = name == "pads" ? [.max, .max] : [.max]
            #expect(
                refusal("Conv", x, w, attributes: [name: .ints(values)])
                    == .invalidValue("a size", value: "\(Int.max)", expected: "at most \(Int32.max)"))
        }
        let most = Int64(Int32.max)
        let tooMany = refusal("Conv", x, w, attributes: ["pads": .ints([most, most])])
        #expect(
            tooMany
                == .tooManyElements(
                    shape: [1, 2, 2 * Int(most) + 3], limit: Operators.defaultElementLimit))
        let long = try result("Conv", x, w, attributes: ["pads": .ints([most, most]), "strides": .ints([most])])
        #expect(long.shape == [1, 2, 3])
    }

    /// The convolution by its definition.
    private func naiveConvolution(
        _ input: InterpreterTensor, _ weight: InterpreterTensor, _ bias: InterpreterTensor?, _ form: Form
    ) throws -> InterpreterTensor {
        let (x, w) = (try #require(input.reals), try #require(weight.reals))
        let span = (form.kernel - 1) * form.dilation + 1
        let frames = (form.time + form.pads[0] + form.pads[1] - span) / form.stride + 1
        let (groupInputs, groupOutputs) = (form.channels / form.groups, form.outputs / form.groups)
        var y = [Double]()
        for item in 0..<form.batch {
            for output in 0..<form.outputs {
                for frame in 0..<frames {
                    var sum = bias?.reals?[output] ?? 0
                    for channel in 0..<groupInputs {
                        for tap in 0..<form.kernel {
                            let moment = frame * form.stride + tap * form.dilation - form.pads[0]
                            guard (0..<form.time).contains(moment) else { continue }
                            let source = item * form.channels + output / groupOutputs * groupInputs + channel
                            sum +=
                                w[(output * groupInputs + channel) * form.kernel + tap] * x[source * form.time + moment]
                        }
                    }
                    y.append(sum)
                }
            }
        }
        return try real([form.batch, form.outputs, frames], y)
    }
}
