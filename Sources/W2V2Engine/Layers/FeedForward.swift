import Kernels

/// The feed-forward part of an encoder layer: Linear, GELU, Linear.
struct FeedForward: Sendable {
    let intermediate: Linear
    let output: Linear

    /// Frames that are taken at once: the wide layer between the two is only as long.
    static let frameBlock = 512

    /// residual += output(GELU(intermediate(x))); x and residual are `[frames, hidden]`.
    func add(_ x: Matrix, to residual: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        for first in stride(from: 0, to: x.rows, by: Self.frameBlock) {
            let frames = first..<min(x.rows, first + Self.frameBlock)
            let inner = workspace.feedForward(frames: frames.count)
            intermediate(x[rows: frames], into: inner, gelu: true, compute, as: .only(.feedForwardIntermediate))
            output.add(Matrix(inner), to: residual[rows: frames], compute, as: .only(.feedForwardOutput))
        }
    }
}
