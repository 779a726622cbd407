import Foundation
import Kernels

/// The weighted sum of the states between the encoder's layers, which is pooled in the place of the final norm's output:
/// Σ softmax(w)ᵢ · stateᵢ, as with `use_weighted_layer_sum` in transformers.
struct LayerMix: Sendable {
    /// Whose states are mixed, in forward order, `[layers + 1]`.
    let stages: [Stage]
    let weights: ConstantVector  // [layers + 1]

    init(_ weights: Weights, _ architecture: Architecture) throws {
        stages = architecture.mixedStages
        self.weights = try weights.vector("layer_weights", count: stages.count)
    }

    /// Softmax of the weights, in Double: the share of each state, `[layers + 1]`.
    var shares: [Double] {
        let weights = weights.elements.map { Double($0) }
        let largest = weights.max() ?? 0
        let powers = weights.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    /// The sum of no states yet, in the workspace.
    func start(workspace: Workspace) -> Running {
        Running(stages: stages, shares: shares.map { Float($0) }, sum: workspace.mixed)
    }

    /// The sum while the encoder runs.
    struct Running {
        let stages: [Stage]
        let shares: [Float]  // [layers + 1]
        /// Of the states so far, `[frames, hidden]`; before the first, anything.
        let sum: MutableMatrix

        /// sum += share · state, if the state at `stage`, `[frames, hidden]`, is one of those that are mixed. The stages come
        /// in forward order.
        func add(_ state: MutableMatrix, at stage: Stage, _ compute: Compute) {
            guard let index = stages.firstIndex(of: stage) else { return }
            compute.add(state, times: shares[index], to: sum, isFirst: index == 0, as: .mixing)
        }
    }
}
