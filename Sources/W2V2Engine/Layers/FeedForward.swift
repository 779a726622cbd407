import Kernels

/// The feed-forward part of an encoder layer: Linear, GELU, Linear.
struct FeedForward: Sendable {
    let intermediate: Linear
    let output: Linear

    /// residual += output(GELU(intermediate(x))); x and residual are `[frames, hidden]`.
    func add(_ x: Matrix, to residual: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let inner = workspace.feedForward
        intermediate.withGELU(x, into: inner, compute)
        output.add(Matrix(inner), to: residual, product: workspace.context, compute)
    }
}
