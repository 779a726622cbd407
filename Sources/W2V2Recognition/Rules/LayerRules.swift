/// Biases, factors and parts of layers, taken into their parameters.
extension RewriteRule {
    static let layers = [bias, biasIntoSum, partOfLinear, meanOfLinear]
    static let factors = [scaleIntoWeight]

    static let bias = RewriteRule("x · W + b = Linear(x), x ∗ W + b = Conv(x)") { graph, index in
        guard case .channelShift(let bias) = graph[index].kind, case let product = graph.input(index),
            let layer = graph.source(product).kind.adding(bias)
        else { return false }
        graph.replace(index, by: layer, reading: [graph.input(of: product)], absorbing: [product])
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
                nodes: graph[index].nodes))
        graph.absorb(product, into: layer)
        var read = inputs
        read[place] = Operand(source: layer, view: product.view, rearrangements: product.rearrangements)
        graph.replace(index, by: .sum, reading: read, absorbing: [sum])
        return true
    }

    /// Exact, and so only for powers of two: simplifiers move the ½ of a GELU into the weights after it.
    static let scaleIntoWeight = RewriteRule("(x · 2ⁿ) · W = x · (W · 2ⁿ), (x · 2ⁿ) ∗ W = x ∗ (W · 2ⁿ)") {
        graph, index in
        guard case .scale(let number)? = graph.inputKind(index),
            let layer = graph[index].kind.multiplyingWeight(by: number.value)
        else { return false }
        let scaled = graph.input(index)
        // What the scale reads, in the layout in which the scaled value was read.
        var operand = graph.input(of: scaled)
        operand.view = scaled.view
        graph.replace(index, by: layer, reading: [operand], absorbing: [scaled])
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

    /// Models for sequence classification project every frame before they take the mean.
    static let meanOfLinear = RewriteRule("mean of (x · W + b) over time = (mean of x) · W + b") { graph, index in
        guard case .mean(let axis) = graph[index].kind, case let projected = graph.input(index),
            case .linear(let parameters) = graph.source(projected).kind, case let last = graph[index].shape.count - 1,
            axis < last
        else { return false }
        var shape = graph[index].shape
        shape[last] = .fixed(parameters.inputSize)
        let mean = graph.append(
            Operation(kind: .mean(axis: axis), inputs: [graph.input(of: projected)], shape: shape, nodes: []))
        graph.replace(
            index, by: .linear(parameters), reading: [Operand(source: mean, view: AxisView(of: shape))], moving: mean)
        graph.absorb(projected, into: index)
        return true
    }
}

extension Operation.Kind {
    /// A layer with a bias; nil if it has one already, or takes none.
    fileprivate func adding(_ bias: Constant) -> Self? {
        switch self {
        case .linear(var parameters) where parameters.bias == nil:
            parameters.bias = bias
            return .linear(parameters)
        case .convolution(var parameters, let settings) where parameters.bias == nil:
            parameters.bias = bias
            return .convolution(parameters, settings)
        default: return nil
        }
    }

    /// A layer with its weight times a power of two; nil if it has no weight, or the number is another.
    fileprivate func multiplyingWeight(by number: Double) -> Self? {
        switch self {
        case .linear(var parameters):
            guard let weight = parameters.weight.multiplied(by: number) else { return nil }
            parameters.weight = weight
            return .linear(parameters)
        case .convolution(var parameters, let settings):
            guard let weight = parameters.weight.multiplied(by: number) else { return nil }
            parameters.weight = weight
            return .convolution(parameters, settings)
        default: return nil
        }
    }
}
