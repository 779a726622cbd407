/// LayerNorm and its parts, over any axis.
extension RewriteRule {
    static let norms = [centering, rootMeanSquareNorm, standardization, layerNorm]

    static let centering = RewriteRule("x − mean(x) = centred(x)") { graph, index in
        guard case .difference = graph[index].kind else { return false }
        let (value, mean) = (graph[index].inputs[0], graph[index].inputs[1])
        guard case .mean(let axis) = graph.source(mean).kind,
            graph.index(of: graph.input(of: mean)) == graph.index(of: value)
        else { return false }
        let read = value.adding(graph.input(of: mean).rearrangements)
        graph.replace(index, by: .centering(axis: axis), reading: [read], absorbing: [mean])
        return true
    }

    static let rootMeanSquareNorm = RewriteRule("x / √(mean(x²) + ε)") { graph, index in
        guard case .quotient = graph[index].kind else { return false }
        let (value, root) = (graph[index].inputs[0], graph[index].inputs[1])
        guard case .squareRoot = graph.source(root).kind, case let sum = graph.input(of: root),
            case .shift(let epsilon) = graph.source(sum).kind, case let mean = graph.input(of: sum),
            case .mean(let axis) = graph.source(mean).kind, case let square = graph.input(of: mean),
            case .square = graph.source(square).kind, graph.isSame(graph.input(of: square), value)
        else { return false }
        let node = graph.label(graph.index(of: sum)) ?? ""
        let squared = graph.input(of: square)
        let absorbed = [root, sum, mean, square] + (squared.isSame(as: value) ? [] : [squared])
        graph.replace(
            index, by: .rootMeanSquareNorm(axis: axis, Epsilon(value: epsilon, node: node)),
            reading: [value.adding(squared.rearrangements)], absorbing: absorbed)
        return true
    }

    static let standardization = RewriteRule("(x − mean) / √(variance + ε)") { graph, index in
        guard case .rootMeanSquareNorm(let axis, let epsilon) = graph[index].kind,
            case .centering(axis)? = graph.inputKind(index)
        else { return false }
        let centred = graph.input(index)
        graph.replace(
            index, by: .standardization(axis: axis, epsilon), reading: [graph.input(of: centred)],
            absorbing: [centred])
        return true
    }

    static let layerNorm = RewriteRule("standardised(x) · weight + bias = LayerNorm(x)") { graph, index in
        guard case .channelShift(let bias) = graph[index].kind, case let scaled = graph.input(index),
            case .channelScale(let weight) = graph.source(scaled).kind, case let normalized = graph.input(of: scaled),
            case .standardization(let axis, let epsilon) = graph.source(normalized).kind,
            axis == graph[index].shape.count - 1
        else { return false }
        graph.replace(
            index, by: .layerNorm(LayerNorm(weight: weight, bias: bias, epsilon: epsilon)),
            reading: [graph.input(of: normalized)], absorbing: [scaled, normalized])
        return true
    }
}
