/// GELU in its exact form, x · (1 + erf(x / √2)) · ½, whichever factors are multiplied first.
extension RewriteRule {
    static let activations = [gelu]

    /// Without the ½, which may be anywhere, and may have been moved into the weights after it.
    static let gelu = RewriteRule("x · (1 + erf(x / √2)) = GELU(x) · 2") { graph, index in
        guard case .elementwiseProduct = graph[index].kind else { return false }
        let inputs = graph[index].inputs
        for (value, sum) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
            guard case .shift(let one) = graph.source(sum).kind, one.isClose(to: 1),
                case let erf = graph.input(of: sum), case .errorFunction = graph.source(erf).kind,
                case let argument = graph.input(of: erf), case .scale(let factor) = graph.source(argument).kind,
                factor.isClose(to: 0.5.squareRoot()),
                graph.index(of: graph.input(of: argument)) == graph.index(of: value)
            else { continue }
            let read = value.adding(graph.input(of: argument).rearrangements)
            let gelu = graph.append(
                Operation(kind: .gelu, inputs: [read], shape: graph[index].shape, nodes: []))
            for absorbed in [sum, erf, argument] { graph.absorb(absorbed, into: gelu) }
            graph.replace(
                index, by: .scale(Scalar(2)), reading: [Operand(source: gelu, view: value.view)], moving: gelu)
            return true
        }
        return false
    }
}
