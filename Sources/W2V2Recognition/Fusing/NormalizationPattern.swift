import ONNXLoader

extension SignalGraph {
    /// LayerNorm, or normalisation without weights, written out: x − mean, squared, mean, plus ε, root, division, and
    /// for LayerNorm times weight plus bias.
    ///
    /// Such a chain could start at the Sub node at `index`; nil if that does not take a mean from what it is the
    /// mean of.
    func normalization(at index: Int, chain: inout PatternChain) throws -> FusedNode? {
        let subtraction = nodes[index]
        guard subtraction.inputs.count == 2, let mean = producer(of: subtraction.inputs[1]),
            nodes[mean].qualifiedOperation == "ReduceMean", nodes[mean].inputs.first == subtraction.inputs[0],
            let deviation = subtraction.soleOutput
        else { return nil }
        let source = subtraction.inputs[0]
        chain = PatternChain(self, "LayerNorm", startingWith: [mean])
        try requireLastAxis(mean)
        _ = try chain.next(after: subtraction.inputs[1], ["Sub"], expecting: "the mean taken from its input")

        let variance = try variance(of: deviation, chain: &chain)
        let (epsilon, root) = try stabilizedRoot(of: variance, chain: &chain)
        let division = try chain.next(after: root, ["Div"], expecting: "division by the standard deviation")
        guard division.inputs == [deviation, root], let normalized = division.soleOutput else {
            throw division.misfit("divides something else", expected: "x − mean divided by the standard deviation")
        }
        let readsDeviation = readers(of: deviation)
        if let other = readsDeviation.first(where: { !chain.nodes.contains($0) }) {
            throw nodes[other].misfit("reads x − mean inside of a LayerNorm", expected: "no other reader there")
        }
        guard let parameters = try affinePart(of: normalized, chain: &chain) else {
            return chain.fused(.standardization(epsilon), inputs: [source], output: normalized)
        }
        return chain.fused(
            .layerNorm(.init(parameters: parameters.norm, epsilon: epsilon)), inputs: [source],
            output: parameters.output)
    }

    /// The LayerNormalization operator.
    func layerNormalization(at index: Int) throws -> FusedNode {
        let node = nodes[index]
        let call = try call(index)
        let shape = try call.input(0).shape
        let axis = try node.axis(try node.integerAttribute("axis") ?? -1, rank: shape.count)
        guard axis == shape.count - 1 else {
            throw node.misfit("axes from \(axis) of \(shape.count) on", expected: "LayerNorm over the last axis")
        }
        guard try node.integerAttribute("stash_type") ?? 1 == 1 else {
            throw node.misfit("a reduced precision inside", expected: "float32 inside (stash_type 1)")
        }
        guard node.inputs.count == 3, let output = node.soleOutput else {
            throw node.misfit("no bias", expected: "LayerNorm with weight and bias")
        }
        let norm = NormParameters(
            weight: try parameter(node.inputs[1], of: node), bias: try parameter(node.inputs[2], of: node))
        let epsilon = FusedNode.Epsilon(value: Double(try node.floatAttribute("epsilon") ?? 1e-5), node: node.label)
        return FusedNode(
            operation: .layerNorm(.init(parameters: norm, epsilon: epsilon)), nodes: [index],
            inputs: [node.inputs[0]], output: output, label: node.label)
    }

    /// The mean of the squared deviation: Pow with exponent 2 or the product with itself, then ReduceMean.
    private func variance(of deviation: String, chain: inout PatternChain) throws -> String {
        guard
            let index = readers(of: deviation).first(where: { ["Pow", "Mul"].contains(nodes[$0].qualifiedOperation) })
        else { throw chain.misfit(producing: deviation, "x − mean is not squared", expected: "its square") }
        let square = nodes[index]
        if square.operation == "Pow" {
            guard square.inputs.first == deviation, square.inputs.count == 2,
                let exponent = try scalar(square.inputs[1]), exponent == 2
            else {
                let found = try square.inputs.last.flatMap { try scalar($0) }.map { "\($0)" } ?? "no number"
                throw square.misfit("exponent \(found)", expected: "x − mean squared, exponent 2")
            }
        } else {
            guard square.inputs == [deviation, deviation] else {
                throw square.misfit("a product with something else", expected: "x − mean squared")
            }
        }
        chain.take(index)
        guard let squared = square.soleOutput else { throw square.misfit("no output", expected: "one") }
        let mean = try chain.next(after: squared, ["ReduceMean"], expecting: "the mean of the squared deviation")
        if let last = chain.nodes.last { try requireLastAxis(last) }
        guard let variance = mean.soleOutput else { throw mean.misfit("no output", expected: "one") }
        return variance
    }

    /// √(variance + ε)
    private func stabilizedRoot(
        of variance: String, chain: inout PatternChain
    ) throws -> (epsilon: FusedNode.Epsilon, root: String) {
        let addition = try chain.next(after: variance, ["Add"], expecting: "epsilon added to the variance")
        guard let other = addition.input(otherThan: variance), let value = try scalar(other),
            let sum = addition.soleOutput
        else { throw addition.misfit("adds something else to the variance", expected: "a constant epsilon") }
        let root = try chain.next(after: sum, ["Sqrt"], expecting: "the root of variance + epsilon")
        guard let deviation = root.soleOutput else { throw root.misfit("no output", expected: "one") }
        return (FusedNode.Epsilon(value: value, node: addition.label), deviation)
    }

    /// Times weight plus bias, where that follows: nil if no weight does.
    private func affinePart(
        of normalized: String, chain: inout PatternChain
    ) throws -> (norm: NormParameters, output: String)? {
        let readers = readers(of: normalized)
        guard readers.count == 1, !outputs.contains(normalized), nodes[readers[0]].qualifiedOperation == "Mul",
            let weightName = nodes[readers[0]].input(otherThan: normalized), constant(weightName) != nil
        else { return nil }
        let product = try chain.next(after: normalized, ["Mul"], expecting: "the weight")
        guard let weighted = product.soleOutput else { throw product.misfit("no output", expected: "one") }
        let sum = try chain.next(after: weighted, ["Add"], expecting: "LayerNorm's bias")
        guard let biasName = sum.input(otherThan: weighted), constant(biasName) != nil, let output = sum.soleOutput
        else { throw sum.misfit("adds something that is not constant", expected: "LayerNorm's bias") }
        let channels = try shapes.facts(of: normalized).shape.last
        let norm = NormParameters(
            weight: try parameter(weightName, of: product), bias: try parameter(biasName, of: sum))
        for (tensor, node) in [(norm.weight, product), (norm.bias, sum)]
        where tensor.shape.count != 1 || channels != .fixed(tensor.shape[0]) {
            throw node.misfit(
                "a parameter of shape \(tensor.shape)", expected: "one number per channel, [\(channels ?? .one)]")
        }
        return (norm, output)
    }

    private func requireLastAxis(_ mean: Int) throws {
        let call = try call(mean)
        let (axes, keepsAxes) = try call.meanAxes()
        let rank = try call.input(0).shape.count
        guard axes == [rank - 1], keepsAxes else {
            throw nodes[mean].misfit(
                "a mean over axes \(axes) of \(rank)\(keepsAxes ? "" : ", which drop out")",
                expected: "LayerNorm's mean over the last axis, kept with length 1")
        }
    }
}
