/// Numbers: brought together, out of products, and into weights.
extension RewriteRule {
    static let scalars = [
        joinedScales, neutralScale, neutralShift, square, reciprocalFactor, scaleOutOfProduct, commonFactor,
    ]

    static let joinedScales = RewriteRule("(x · a) · b = x · (a · b)") { graph, index in
        guard case .scale(let outer) = graph[index].kind, case .scale(let inner)? = graph.inputKind(index) else {
            return false
        }
        let operand = graph.input(index)
        graph.replace(index, by: .scale(inner * outer), reading: [graph.input(of: operand)], absorbing: [operand])
        return true
    }

    static let neutralScale = RewriteRule("x · 1 = x") { graph, index in
        guard case .scale(let number) = graph[index].kind, number.value == 1 else { return false }
        graph.remove(index)
        return true
    }

    static let neutralShift = RewriteRule("x + 0 = x") { graph, index in
        guard case .shift(let number) = graph[index].kind, number.value == 0 else { return false }
        graph.remove(index)
        return true
    }

    static let square = RewriteRule("x · x = x²") { graph, index in
        guard case .elementwiseProduct = graph[index].kind, graph[index].inputs.count == 2,
            graph[index].inputs[0].isSame(as: graph[index].inputs[1])
        else { return false }
        let (first, second) = (graph[index].inputs[0], graph[index].inputs[1])
        graph.replace(index, by: .square, reading: [first.adding(second.rearrangements)])
        return true
    }

    static let reciprocalFactor = RewriteRule("x · (1 / y) = x / y") { graph, index in
        guard case .elementwiseProduct = graph[index].kind else { return false }
        let inputs = graph[index].inputs
        for (dividend, factor) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
            guard case .reciprocal = graph.source(factor).kind else { continue }
            graph.replace(index, by: .quotient, reading: [dividend, graph.input(of: factor)], absorbing: [factor])
            return true
        }
        return false
    }

    static let scaleOutOfProduct = RewriteRule("(x · a) · y = (x · y) · a") { graph, index in
        guard case .elementwiseProduct = graph[index].kind else { return false }
        let operation = graph[index]
        for place in operation.inputs.indices {
            let scaled = operation.inputs[place]
            guard case .scale(let number) = graph.source(scaled).kind else { continue }
            var inputs = operation.inputs
            inputs[place] = graph.input(of: scaled)
            let product = graph.append(
                Operation(
                    kind: .elementwiseProduct, inputs: inputs, shape: operation.shape, nodes: []))
            graph.replace(
                index, by: .scale(number), reading: [Operand(source: product, view: scaled.view)], moving: product)
            graph.absorb(scaled, into: index)
            return true
        }
        return false
    }

    static let commonFactor = RewriteRule("x · a + a = (x + 1) · a") { graph, index in
        guard case .shift(let number) = graph[index].kind, case .scale(let factor)? = graph.inputKind(index),
            number.value == factor.value, number.value != 0
        else { return false }
        let operand = graph.input(index)
        let sum = graph.append(
            Operation(
                kind: .shift(.one), inputs: [graph.input(of: operand)], shape: graph[index].shape,
                nodes: []))
        graph.replace(index, by: .scale(factor), reading: [Operand(source: sum, view: operand.view)], moving: sum)
        graph.absorb(operand, into: index)
        return true
    }
}

extension Operand {
    func adding(_ nodes: [Int]) -> Operand {
        var result = self
        result.rearrangements += nodes
        return result
    }
}
