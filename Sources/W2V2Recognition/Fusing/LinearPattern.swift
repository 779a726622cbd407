import ONNXLoader

extension SignalGraph {
    /// A fully connected layer as the MatMul at `index` by a constant matrix and Add of a constant; nil if the
    /// matrix is not constant.
    func linear(at index: Int, chain: inout PatternChain) throws -> FusedNode? {
        let product = nodes[index]
        guard product.inputs.count == 2, let matrix = constant(product.inputs[1]), let value = product.soleOutput
        else { return nil }
        chain = PatternChain(self, "Linear", startingWith: [index])
        _ = try shapes.facts(of: value)
        let sum = try chain.next(after: value, ["Add"], expecting: "Linear's bias, added to the product")
        guard let name = sum.input(otherThan: value), constant(name) != nil, let output = sum.soleOutput else {
            throw sum.misfit("adds something that is not constant", expected: "Linear's bias")
        }
        let parameters = try linearParameters(matrix, isOutputMajor: false, bias: name, product: product, sum: sum)
        return chain.fused(.linear(parameters), inputs: [product.inputs[0]], output: output)
    }

    /// A fully connected layer as Gemm.
    func gemm(at index: Int) throws -> FusedNode {
        let node = nodes[index]
        _ = try node.soleOutput.map { try shapes.facts(of: $0) }
        guard try node.floatAttribute("alpha") ?? 1 == 1, try node.floatAttribute("beta") ?? 1 == 1 else {
            throw node.misfit("alpha or beta is not 1", expected: "x · weight + bias")
        }
        guard try !node.flagAttribute("transA", default: false) else {
            throw node.misfit("transA", expected: "x · weight + bias")
        }
        guard node.inputs.count == 3, !node.inputs[2].isEmpty, let output = node.soleOutput else {
            throw node.misfit("no bias", expected: "Linear with a bias")
        }
        guard let matrix = constant(node.inputs[1]), constant(node.inputs[2]) != nil else {
            throw node.misfit("a weight or bias that is not constant", expected: "Linear")
        }
        let parameters = try linearParameters(
            matrix, isOutputMajor: try node.flagAttribute("transB", default: false), bias: node.inputs[2],
            product: node,
            sum: node)
        return FusedNode(
            operation: .linear(parameters), nodes: [index], inputs: [node.inputs[0]], output: output,
            label: node.label)
    }

    private func linearParameters(
        _ matrix: Constant, isOutputMajor: Bool, bias: String, product: Node, sum: Node
    ) throws -> LinearParameters {
        guard matrix.elementType == .float32, matrix.shape.count == 2, matrix.elementCount >= 1 else {
            throw product.misfit(
                "a weight of shape \(matrix.shape), \(matrix.elementType)", expected: "a float32 matrix")
        }
        let parameters = LinearParameters(
            weight: matrix.stored, layout: matrix.isTransposed != isOutputMajor ? .outputMajor : .inputMajor,
            bias: try parameter(bias, of: sum))
        guard parameters.bias.shape == [parameters.outputSize] else {
            throw sum.misfit("a bias of shape \(parameters.bias.shape)", expected: "[\(parameters.outputSize)]")
        }
        return parameters
    }

    /// A constant as a parameter of a layer, which must be float32.
    func parameter(_ name: String, of node: Node) throws -> Tensor {
        guard let constant = constant(name) else {
            throw node.misfit("parameter '\(name)' is not constant", expected: "a constant")
        }
        guard constant.elementType == .float32 else {
            throw node.misfit("parameter '\(name)' of type \(constant.elementType)", expected: "float32")
        }
        return try constant.tensor()
    }
}

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
