import Foundation
import Kernels

/// A regression or classification head: Linear, tanh, Linear, on the pooled state.
///
/// It sees one vector a signal, so it computes in Double at no cost worth counting; its own rounding then adds nothing
/// to the scores.
struct Head: Sendable {
    let dense: Linear
    let projection: Linear

    /// The head's outputs, `[size]`, for the pooled state, `[hidden]`.
    func callAsFunction(_ pooled: [Double]) -> [Float] {
        projection(dense(pooled).map(tanh)).map { Float($0) }
    }
}

extension Linear {
    /// x · W + b in Double; x is `[input]`, the result `[output]`.
    fileprivate func callAsFunction(_ x: [Double]) -> [Double] {
        zip(weight.matrix.columnSums(weightedBy: x), bias.elements).map { $0 + Double($1) }
    }
}
