/// Biases, factors and parts of layers, taken into their parameters.
extension RewriteRule {
    static let layers = [linearBias, convolutionBias, biasIntoSum, partOfLinear]
    static let factors = [scaleIntoLinear, scaleIntoConvolution]

    static let linearBias = RewriteRule("x · W + b = Linear(x)") { graph, index in
        guard case .channelShift(let bias) = graph[index].kind, case let product = graph.input(index),
            case .linear(var parameters) = graph.source(product).kind, parameters.bias == nil
        else { return false }
        parameters.bias = bias
        graph.replace(index, by: .linear(parameters), reading: [graph.input(of: product)], absorbing: [product])
        return true
    }

    static let convolutionBias = RewriteRule("x ∗ W + b = Conv(x)") { graph, index in
        guard case .channelShift(let bias) = graph[index].kind, case let product = graph.input(index),
            case .convolution(var parameters, let settings) = graph.source(product).kind, parameters.bias == nil
        else { return false }
        parameters.bias = bias
        graph.replace(
            index, by: .convolution(parameters, settings), reading: [graph.input(of: product)], absorbing: [product])
        return true
    }

    static let biasIntoSum = RewriteRule("(x + y · W) + b = x + (y · W + b)") { graph, index in
        guard case .channelShift(let bias) = graph[index].kind, case let sum = graph.input(index),
            case .sum = graph.source(sum).kind, case let inputs = graph.source(sum).inputs
        else { return false }
        let products = inputs.indices.filter { place in
            if case .linear(let parameters) = graph.source(inputs[place]).kind { parameters.bias == nil } else { false }
        }
        guard products.count == 1, let place = products.first,
            case .linear(var parameters) = graph.source(inputs[place]).kind
        else { return false }
        let product = inputs[place]
        parameters.bias = bias
        let layer = graph.append(
            Operation(
                kind: .linear(parameters), inputs: [graph.input(of: product)], shape: graph.source(product).shape,
                nodes: [], value: nil))
        graph.absorb(product.adding(graph[index].nodes), into: layer)
        var read = inputs
        read[place] = Operand(source: layer, view: product.view, rearrangements: product.rearrangements)
        graph.replace(index, by: .sum, reading: read, absorbing: [sum])
        return true
    }

    /// Exact, and so only for powers of two: simplifiers move the ½ of a GELU into the weights after it.
    static let scaleIntoLinear = RewriteRule("(x · 2ⁿ) · W = x · (W · 2ⁿ)") { graph, index in
        guard case .linear(var parameters) = graph[index].kind, case .scale(let number)? = graph.inputKind(index),
            let weight = parameters.weight.multiplied(by: number.value)
        else { return false }
        let scaled = graph.input(index)
        parameters.weight = weight
        graph.replace(
            index, by: .linear(parameters), reading: [graph.throughScale(scaled)], absorbing: [scaled])
        return true
    }

    static let scaleIntoConvolution = RewriteRule("(x · 2ⁿ) ∗ W = x ∗ (W · 2ⁿ)") { graph, index in
        guard case .convolution(var parameters, let settings) = graph[index].kind,
            case .scale(let number)? = graph.inputKind(index),
            let weight = parameters.weight.multiplied(by: number.value)
        else { return false }
        let scaled = graph.input(index)
        parameters.weight = weight
        graph.replace(
            index, by: .convolution(parameters, settings), reading: [graph.throughScale(scaled)],
            absorbing: [scaled])
        return true
    }

    static let partOfLinear = RewriteRule("part of (x · W + b) = x · (part of W) + part of b") { graph, index in
        guard case .slice(let axis, let start) = graph[index].kind, case let whole = graph.input(index),
            case .linear(var parameters) = graph.source(whole).kind, axis == graph[index].shape.count - 1,
            let length = graph[index].shape[axis].constant, start >= 0, length >= 1,
            start + length <= parameters.outputSize
        else { return false }
        let range = start..<start + length
        parameters.weight = parameters.weight.selecting(range)
        parameters.bias = parameters.bias.map { $0.selecting(range) }
        graph.replace(index, by: .linear(parameters), reading: [graph.input(of: whole)], absorbing: [whole])
        return true
    }
}

extension CanonicalGraph {
    /// What a scale reads, in the layout in which the scaled value was read.
    fileprivate func throughScale(_ scaled: Operand) -> Operand {
        var operand = input(of: scaled)
        operand.view = scaled.view
        return operand
    }
}
