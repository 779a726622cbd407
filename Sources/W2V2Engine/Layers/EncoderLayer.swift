import Kernels

/// A transformer layer that normalises before each part: x += attention(norm(x)); x += feedForward(norm(x)).
struct EncoderLayer: Sendable {
    let attentionNorm: LayerNorm
    let attention: Attention
    let feedForwardNorm: LayerNorm
    let feedForward: FeedForward

    var weights: [ConstantPanels] {
        [attention.queryKeyValue, attention.output, feedForward.intermediate, feedForward.output].map(\.weight)
    }

    /// Updates `hidden`, `[frames, hidden]`, in place.
    func callAsFunction(_ hidden: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let normed = workspace.normed
        attentionNorm(hidden, into: normed, compute, as: .attentionNorm)
        attention.add(Matrix(normed), to: hidden, workspace: workspace, compute)
        feedForwardNorm(hidden, into: normed, compute, as: .feedForwardNorm)
        feedForward.add(Matrix(normed), to: hidden, workspace: workspace, compute)
    }
}
