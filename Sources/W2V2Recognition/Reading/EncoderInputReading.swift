import ONNXLoader
import W2V2Network

/// From features to the encoder's input: their projection and the position embedding.
extension ArchitectureReader {
    /// Takes LayerNorm over the features and their projection to the encoder's width: from `[1, frames, channels]` to
    /// `output` `[1, frames, hidden]`; `normalized` is what is projected.
    mutating func featureProjection(
        _ features: Int, channels: Int
    ) throws -> (hiddenSize: Int, normalized: Int, output: Int) {
        let module = "feature_projection"
        let normalized = try layerNorm(features, size: channels, in: "\(module).layer_norm")
        note(normalized, as: .extractedFeatures)
        let (hiddenSize, output) = try linear(
            normalized, inputSize: channels, in: "\(module).projection", mayBeOutput: true)
        note(output, as: .featureProjection)
        return (hiddenSize, normalized, output)
    }

    /// Takes the grouped convolution on `state` `[1, frames, hidden]` with its GELU, and the sum of its result and its
    /// input: `output`, of the same shape.
    mutating func positionalConvolution(
        _ state: Int, hiddenSize: Int
    ) throws -> (sizes: Architecture.PositionalConvolution, output: Int) {
        let module = "encoder.pos_conv_embed"
        let (reader, _, sum) = try branch(
            from: state, in: module,
            expecting: "the projected features read by the convolution and by the sum after it, nothing else"
        ) { $0.asConvolution }
        let (index, weight, settings) = try convolution(
            state, reader: reader, in: "\(module).conv", expecting: "the grouped convolution of the position embedding")
        let kernel = weight[2]  // [hidden, hidden / groups, kernel]
        guard weight[0] == hiddenSize, weight[1] * settings.groups == hiddenSize, settings.stride == 1,
            settings.dilation == 1, settings.paddingBefore == kernel / 2, settings.paddingAfter == kernel / 2
        else {
            throw misfit(
                index, in: "\(module).conv", "weight \(weight), \(settings)",
                expected: "\(hiddenSize) channels in and out, stride 1, dilation 1, padding \(kernel / 2)")
        }
        let embedding = kernel.isMultiple(of: 2) ? try withoutLastFrame(index, like: state) : index
        let active = try gelu(embedding, in: "\(module).activation")
        let output = try residualSum(state, plus: active, at: sum, in: "encoder.position_embedding")
        note(output, as: .positionalEmbedding)
        return (.init(kernel: kernel, groups: settings.groups, padding: kernel / 2), output)
    }

    /// Takes the Slice that drops the frame that a convolution with an even kernel yields beyond its input.
    private mutating func withoutLastFrame(_ index: Int, like source: Int) throws -> Int {
        let module = "encoder.pos_conv_embed.padding"
        let expected = "a Slice without the last frame"
        let (slice, part) = try take(after: index, in: module, expecting: expected) {
            kind -> (axis: Int, start: Int)? in
            if case .slice(let axis, let start) = kind { (axis, start) } else { nil }
        }
        guard part.axis == 1, part.start == 0, shape(of: slice) == shape(of: source) else {
            throw misfit(
                slice, in: module, "\(shape(of: index).text) to \(shape(of: slice).text)", expected: expected)
        }
        return slice
    }
}
