import ONNXLoader

/// The transformer.
extension ArchitectureReader {
    /// The sizes that all encoder layers share, as the layers read so far have them.
    struct EncoderSizes {
        var heads: Int
        var feedForward: Int
    }

    /// Takes the encoder layers on `state` `[1, frames, hidden]`, at least one.
    mutating func encoder(
        _ state: String, hiddenSize: Int
    ) throws -> (sizes: EncoderSizes, layers: [ModelParameters.EncoderLayer], output: String) {
        var state = state
        var layers: [ModelParameters.EncoderLayer] = []
        var sizes: EncoderSizes?
        while true {
            // After the last layer the state goes on to the final LayerNorm alone.
            if let sizes, graph.readers(of: state).count < 2 { return (sizes, layers, state) }
            let module = "encoder.layers.\(layers.count)"
            let (layer, layerSizes, output) = try encoderLayer(
                state, hiddenSize: hiddenSize, like: sizes, in: module)
            stageValues[.encoderLayer(layers.count)] = StageValue(name: output, layout: .timeMajor)
            layers.append(layer)
            sizes = layerSizes
            state = output
        }
    }

    /// Takes one layer: x += out(attention(LayerNorm(x))); x += feedForward(LayerNorm(x)).
    private mutating func encoderLayer(
        _ state: String, hiddenSize: Int, like sizes: EncoderSizes?, in module: String
    ) throws -> (ModelParameters.EncoderLayer, EncoderSizes, output: String) {
        let (attentionNorm, attentionInput, attentionSum) = try residualBranch(
            state, size: hiddenSize, in: module, norm: "layer_norm")
        let attention = try attention(
            attentionInput, hiddenSize: hiddenSize, heads: sizes?.heads, in: "\(module).attention")
        let middle = try residualSum(state, plus: attention.result, at: attentionSum, in: module)

        let (feedForwardNorm, feedForwardInput, feedForwardSum) = try residualBranch(
            middle, size: hiddenSize, in: module, norm: "final_layer_norm")
        let feedForward = "\(module).feed_forward"
        let (intermediate, inner) = try linear(
            feedForwardInput, inputSize: hiddenSize, outputSize: sizes?.feedForward,
            in: "\(feedForward).intermediate_dense")
        let active = try gelu(inner, in: "\(feedForward).intermediate_act_fn")
        let (feedForwardOutput, result) = try linear(
            active, inputSize: intermediate.outputSize, outputSize: hiddenSize, in: "\(feedForward).output_dense")
        let output = try residualSum(middle, plus: result, at: feedForwardSum, in: module)
        let layer = ModelParameters.EncoderLayer(
            attentionNorm: attentionNorm, query: attention.query, key: attention.key, value: attention.value,
            attentionOutput: attention.output, feedForwardNorm: feedForwardNorm, intermediate: intermediate,
            feedForwardOutput: feedForwardOutput)
        return (layer, EncoderSizes(heads: attention.heads, feedForward: intermediate.outputSize), output)
    }
}
