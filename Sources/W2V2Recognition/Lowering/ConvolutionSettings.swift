import ONNXLoader

/// The attributes of a convolution over one axis.
struct ConvolutionSettings: CustomStringConvertible, Sendable {
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
