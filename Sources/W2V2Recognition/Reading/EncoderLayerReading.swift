import ONNXLoader
import W2V2Network

/// The transformer.
extension ArchitectureReader {
    /// The sizes that all encoder layers share, as the layers read so far have them.
    struct EncoderSizes {
        var layers = 0
        var heads: Int
        var feedForward: Int
    }

    /// Takes the encoder layers on `state` `[1, frames, hidden]`, at least one.
    mutating func encoder(
        _ state: Int, hiddenSize: Int
    ) throws -> (sizes: EncoderSizes, output: Int) {
        var state = state
        var sizes: EncoderSizes?
        while true {
            // After the last layer only the final LayerNorm reads the state.
            if let sizes, graph.readers(of: state).count < 2 { return (sizes, state) }
            let layer = sizes?.layers ?? 0
            let (layerSizes, output) = try encoderLayer(
                state, hiddenSize: hiddenSize, like: sizes, in: "encoder.layers.\(layer)")
            note(output, as: .encoderLayer(layer))
            sizes = EncoderSizes(layers: layer + 1, heads: layerSizes.heads, feedForward: layerSizes.feedForward)
            state = output
        }
    }

    /// Takes one layer: x += out(attention(LayerNorm(x))); x += feedForward(LayerNorm(x)).
    private mutating func encoderLayer(
        _ state: Int, hiddenSize: Int, like sizes: EncoderSizes?, in module: String
    ) throws -> (EncoderSizes, output: Int) {
        let (attentionInput, attentionSum) = try residualBranch(
            state, size: hiddenSize, in: module, norm: "layer_norm")
        let (heads, attended) = try attention(
            attentionInput, hiddenSize: hiddenSize, heads: sizes?.heads, in: "\(module).attention")
        let middle = try residualSum(state, plus: attended, at: attentionSum, in: module)

        let (feedForwardInput, feedForwardSum) = try residualBranch(
            middle, size: hiddenSize, in: module, norm: "final_layer_norm")
        let feedForward = "\(module).feed_forward"
        let (feedForwardSize, inner) = try linear(
            feedForwardInput, inputSize: hiddenSize, outputSize: sizes?.feedForward,
            in: "\(feedForward).intermediate_dense")
        let active = try gelu(inner, in: "\(feedForward).intermediate_act_fn")
        let (_, result) = try linear(
            active, inputSize: feedForwardSize, outputSize: hiddenSize, in: "\(feedForward).output_dense")
        let output = try residualSum(middle, plus: result, at: feedForwardSum, in: module)
        return (EncoderSizes(heads: heads, feedForward: feedForwardSize), output)
    }
}
