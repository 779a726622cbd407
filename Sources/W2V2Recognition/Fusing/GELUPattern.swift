import ONNXLoader

extension SignalGraph {
    /// GELU in its exact form, x · (1 + erf(x / √2)) · ½, around the Erf node at `index`. The three factors may be
    /// multiplied in any order.
    func gelu(at index: Int, chain: inout PatternChain) throws -> FusedNode {
        let erf = nodes[index]
        chain = PatternChain(self, "GELU", startingWith: [index])
        guard let argument = erf.inputs.first, let scaling = producer(of: argument), let value = erf.soleOutput else {
            throw erf.misfit("no scaled argument", expected: "GELU's erf(x / √2)")
        }
        chain.take(scaling)
        _ = try chain.next(after: argument, ["Erf"], expecting: "GELU's erf of x / √2 alone")
        let source = try argumentOfErf(scaling)

        let addition = try chain.next(after: value, ["Add"], expecting: "GELU's 1 + erf(x / √2)")
        guard let one = addition.input(otherThan: value), let number = try scalar(one), number == 1,
            let factor = addition.soleOutput
        else { throw addition.misfit("another number is added", expected: "GELU's 1 + erf(x / √2)") }

        let text = "GELU's product of x, 1 + erf(x / √2) and ½"
        let product = try chain.next(after: factor, ["Mul"], expecting: text)
        guard let other = product.input(otherThan: factor), let output = product.soleOutput else {
            throw product.misfit("another product", expected: text)
        }
        if other == source {
            // (x · e) · ½, unless a simplifier moved the ½ into the weights that follow.
            let half = try chain.next(
                after: output, ["Mul"], expecting: "\(text); give the export that was simplified, if one was")
            guard try half.input(otherThan: output).flatMap({ try scalar($0) }) == 0.5, let result = half.soleOutput
            else { throw half.misfit("a factor other than ½", expected: text) }
            return chain.fused(.gelu, inputs: [source], output: result)
        }
        if let number = try scalar(other) {
            // x · (½ · e)
            guard number == 0.5 else { throw product.misfit("factor \(number)", expected: text) }
            let last = try chain.next(after: output, ["Mul"], expecting: text)
            guard last.input(otherThan: output) == source, let result = last.soleOutput else {
                throw last.misfit("a factor other than x", expected: text)
            }
            return chain.fused(.gelu, inputs: [source], output: result)
        }
        // (½ · x) · e
        guard let halving = producer(of: other), nodes[halving].qualifiedOperation == "Mul",
            try nodes[halving].input(otherThan: source).flatMap({ try scalar($0) }) == 0.5
        else { throw product.misfit("a factor other than x", expected: text) }
        chain.take(halving)
        _ = try chain.next(after: other, ["Mul"], expecting: text)
        return chain.fused(.gelu, inputs: [source], output: output)
    }

    /// The Gelu operator.
    func geluOperator(at index: Int) throws -> FusedNode {
        let node = nodes[index]
        let form = try node.stringAttribute("approximate") ?? "none"
        guard form == "none" else {
            throw node.misfit("GELU approximated by \(form)", expected: "the exact GELU, with erf")
        }
        guard let source = node.inputs.first, let output = node.soleOutput else {
            throw node.misfit("no input or output", expected: "one of each")
        }
        return FusedNode(operation: .gelu, nodes: [index], inputs: [source], output: output, label: node.label)
    }

    /// The x of x / √2, or of x · (1 / √2).
    private func argumentOfErf(_ index: Int) throws -> String {
        let node = nodes[index]
        let expected = "GELU's x / √2"
        switch node.qualifiedOperation {
        case "Div":
            guard node.inputs.count == 2, let number = try scalar(node.inputs[1]), number.isClose(to: 2.0.squareRoot())
            else { throw node.misfit("another divisor", expected: expected) }
            return node.inputs[0]
        case "Mul":
            for (source, factor) in [(0, 1), (1, 0)] where node.inputs.count == 2 {
                if let number = try scalar(node.inputs[factor]), number.isClose(to: 0.5.squareRoot()) {
                    return node.inputs[source]
                }
            }
            throw node.misfit("another factor", expected: expected)
        default:
            throw node.misfit("before erf", expected: expected)
        }
    }
}

extension Double {
    /// Whether the number is `other` as float32 keeps it, give or take two units in the last place.
    func isClose(to other: Double) -> Bool {
        abs(self - other) <= 2 * abs(other) * Double(Float.ulpOfOne)
    }
}
