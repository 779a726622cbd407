import Kernels

/// A transformer layer that normalises before each part: x += attention(norm(x)); x += feedForward(norm(x)).
struct EncoderLayer: Sendable {
    let attentionNorm: LayerNorm
    let attention: Attention
    let feedForwardNorm: LayerNorm
    let feedForward: FeedForward

    init(_ weights: Weights, _ architecture: Architecture) throws {
        let (hidden, epsilon) = (architecture.hiddenSize, architecture.layerNormEpsilon)
        attentionNorm = try LayerNorm(weights["layer_norm"], count: hidden, epsilon: epsilon)
        attention = try Attention(weights["attention"], architecture)
        feedForwardNorm = try LayerNorm(weights["final_layer_norm"], count: hidden, epsilon: epsilon)
        feedForward = try FeedForward(weights["feed_forward"], architecture)
    }

    /// Updates `hidden`, `[frames, hidden]`, in place.
    func callAsFunction(_ hidden: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        let normed = workspace.normed  // [frames, hidden]
        compute.normalize(hidden, into: normed, attentionNorm, as: .attentionNorm)
        attention(normed, addingTo: hidden, workspace: workspace, compute)
        compute.normalize(hidden, into: normed, feedForwardNorm, as: .feedForwardNorm)
        feedForward(Matrix(normed), addingTo: hidden, workspace: workspace, compute)
    }

    /// The large weights, whose pages can be released once the layer is done with them.
    var weights: [ConstantPanels] {
        [attention.queryKeyValue, attention.output, feedForward.intermediate, feedForward.output].map(\.weight)
    }
}

/// The feed-forward part of an encoder layer: Linear, GELU, Linear.
struct FeedForward: Sendable {
    let intermediate: Linear
    let output: Linear

    /// Frames that are taken at once: the wide layer between the two has no more rows.
    static let frameBlock = 512

    init(_ weights: Weights, _ architecture: Architecture) throws {
        let (hidden, inner) = (architecture.hiddenSize, architecture.feedForwardSize)
        intermediate = try Linear(weights["intermediate_dense"], input: hidden, output: inner)
        output = try Linear(weights["output_dense"], input: inner, output: hidden)
    }

    /// residual += output(GELU(intermediate(x))); x and residual are `[frames, hidden]`.
    func callAsFunction(_ x: Matrix, addingTo residual: MutableMatrix, workspace: Workspace, _ compute: Compute) {
        for frames in (0..<x.rows).blocks(of: Self.frameBlock) {
            let inner = workspace.feedForward(frames: frames.count)  // [frames, feedForwardSize]
            intermediate(x[rows: frames], into: inner, gelu: true, compute, as: .only(.feedForwardIntermediate))
            output(Matrix(inner), addingTo: residual[rows: frames], compute, as: .only(.feedForwardOutput))
        }
    }
}
