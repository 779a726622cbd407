@testable import W2V2Recognition

extension CanonicalGraph {
    /// What an output computes, as an expression over named operations, whatever the views between.
    func expression(of output: String, names: [Int: String]) -> String {
        guard let operand = outputs.first(where: { $0.name == output })?.operand else { return "nothing" }
        return text(index(of: operand), names)
    }

    private func text(_ index: Int, _ names: [Int: String]) -> String {
        if let name = names[index] { return name }
        let inputs = self[index].inputs.map { text(self.index(of: $0), names) }
        let x = inputs.first ?? ""
        func joined(_ sign: String) -> String { "(\(inputs.joined(separator: " \(sign) ")))" }
        switch self[index].kind {
        case .signal: return "signal"
        case .convolution(let parameters, _):
            return "conv[\(parameters.weight.shape[0])]\(parameters.bias == nil ? "" : "+b")(\(x))"
        case .linear(let parameters):
            let sizes = "\(parameters.inputSize)→\(parameters.outputSize)"
            return "linear[\(sizes)]\(parameters.bias == nil ? "" : "+b")(\(x))"
        case .layerNorm(let norm): return "layerNorm(\(x), \(norm.epsilon.text))"
        case .standardization(let axis, let epsilon): return "standardised(\(x), \(axis), \(epsilon.text))"
        case .rootMeanSquareNorm(let axis, let epsilon): return "rms(\(x), \(axis), \(epsilon.text))"
        case .centering(let axis): return "centred(\(x), \(axis))"
        case .gelu: return "gelu(\(x))"
        case .tanh: return "tanh(\(x))"
        case .softmax(let axis): return "softmax(\(x), \(axis))"
        case .mean(let axis): return "mean(\(x), \(axis))"
        case .total(let axis): return "total(\(x), \(axis))"
        case .product: return joined("×")
        case .slice(let axis, let start): return "slice(\(x), \(axis), \(start))"
        case .rearrangement: return "rearranged(\(x))"
        case .sum: return joined("+")
        case .difference: return joined("−")
        case .elementwiseProduct: return joined("·")
        case .quotient: return joined("/")
        case .scale(let number): return "(\(x) · \(Float(number.value)))"
        case .shift(let number): return "(\(x) + \(Float(number.value)))"
        case .channelScale: return "(\(x) · w)"
        case .channelShift: return "(\(x) + b)"
        case .square: return "\(x)²"
        case .power(let number): return "\(x)^\(Float(number.value))"
        case .squareRoot: return "√\(x)"
        case .reciprocal: return "1/\(x)"
        case .errorFunction: return "erf(\(x))"
        case .other: return "other(\(x))"
        }
    }
}

extension Epsilon {
    fileprivate var text: String { "\(Float(value.value))" }
}
