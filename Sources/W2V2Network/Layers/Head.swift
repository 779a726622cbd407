import Foundation
import Kernels

/// A regression or classification head on the pooled state: Linear, tanh, Linear, or two Linear alone.
///
/// It sees one vector a signal, so it computes in Double at no cost worth counting; its own rounding then adds nothing
/// to the scores.
struct Head: Sendable {
    /// A fully connected layer whose weight stays as it is, `[input, output]`.
    struct Dense: Sendable {
        let weight: ConstantMatrix
        let bias: ConstantVector  // [output]

        init(_ weights: Weights, input: Int, output: Int) throws {
            weight = try weights.matrix(input: input, output: output)
            bias = try weights.bias(count: output)
        }
    }

    let kind: Architecture.Head.Kind
    let dense: Dense
    let projection: Dense

    init(_ weights: Weights, input: Int, _ sizes: Architecture.Head) throws {
        kind = sizes.kind
        dense = try Dense(weights["dense"], input: input, output: sizes.denseSize)
        projection = try Dense(weights["out_proj"], input: sizes.denseSize, output: sizes.size)
    }

    /// The head's outputs, `[size]`, for the pooled state, `[hidden]`.
    func callAsFunction(_ pooled: [Double]) -> [Float] {
        let inner = dense(pooled)  // [dense size]
        let outputs =
            switch kind {
            case .tanh: projection(inner.map(tanh))
            case .linear: projection(inner)
            }
        return outputs.map { Float($0) }
    }
}

extension Head.Dense {
    /// x · W + b in Double; x is `[input]`, the result `[output]`.
    fileprivate func callAsFunction(_ x: [Double]) -> [Double] {
        zip(weight.columnSums(weightedBy: x), bias.elements).map { $0 + Double($1) }
    }
}
