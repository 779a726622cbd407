import ONNXLoader

extension SignalGraph {
    /// A convolution over time with constant weight and bias.
    func convolution(at index: Int) throws -> FusedNode {
        let node = nodes[index]
        guard node.inputs.count == 3, !node.inputs[2].isEmpty else {
            throw node.misfit("no bias", expected: "a convolution with a bias")
        }
        guard let output = node.soleOutput else { throw node.misfit("no output", expected: "one") }
        _ = try shapes.facts(of: output)
        let parameters = ConvolutionParameters(
            weight: try parameter(node.inputs[1], of: node), bias: try parameter(node.inputs[2], of: node))
        let settings = try ConvolutionSettings(node, kernel: parameters.weight.shape[2])
        return FusedNode(
            operation: .convolution(parameters, settings), nodes: [index], inputs: [node.inputs[0]], output: output,
            label: node.label)
    }
}
