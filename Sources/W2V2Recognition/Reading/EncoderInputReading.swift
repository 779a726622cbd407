import ONNXLoader
import W2V2Network

/// From features to the encoder's input: their projection and the position embedding.
extension ArchitectureReader {
    /// Takes LayerNorm over the features and their projection to the encoder's width: from `[1, channels, frames]` to
    /// `output` `[1, frames, hidden]`.
    mutating func featureProjection(
        _ features: String, channels: Int
    ) throws -> (hiddenSize: Int, output: String) {
        let module = "feature_projection"
        let frames = try timeMajor(features, in: module)
        let normalized = try layerNorm(frames, size: channels, in: "\(module).layer_norm")
        stageValues[.extractedFeatures] = StageValue(name: normalized, layout: .timeMajor)
        let (hiddenSize, output) = try linear(normalized, inputSize: channels, in: "\(module).projection")
        stageValues[.featureProjection] = StageValue(name: output, layout: .timeMajor)
        return (hiddenSize, output)
    }

    /// Takes the grouped convolution on `state` `[1, frames, hidden]` with its GELU, and the sum of its result and its
    /// input: `output`, of the same shape.
    mutating func positionalConvolution(
        _ state: String, hiddenSize: Int
    ) throws -> (sizes: Architecture.PositionalConvolution, output: String) {
        let module = "encoder.pos_conv_embed"
        let (transposition, _, sum) = try branch(
            from: state, in: module,
            expecting:
                "the projected features read by the convolution's Transpose and by the sum after it, nothing else"
        ) { $0.isRearrangement ? () : nil }
        let channels = try channelMajor(state, startingWith: transposition, in: module)
        let (node, convolution) = try take(
            after: channels, in: "\(module).conv", expecting: "the grouped convolution of the position embedding"
        ) { $0.asConvolution }
        let (parameters, settings) = convolution
        let weight = parameters.weight.shape  // [hidden, hidden / groups, kernel]
        let kernel = weight[2]
        guard weight[0] == hiddenSize, weight[1] * settings.groups == hiddenSize, settings.stride == 1,
            settings.dilation == 1, settings.paddingBefore == kernel / 2, settings.paddingAfter == kernel / 2
        else {
            throw misfit(
                node, in: "\(module).conv", "weight \(weight), \(settings)",
                expected: "\(hiddenSize) channels in and out, stride 1, dilation 1, padding \(kernel / 2)")
        }
        keep(parameters, as: "\(module).conv")
        let framesAndMore = node.output
        let embedding = kernel.isMultiple(of: 2) ? try withoutLastFrame(framesAndMore, like: channels) : framesAndMore
        let active = try gelu(embedding, in: "\(module).activation")
        let output = try residualSum(
            state, plus: try timeMajor(active, in: module), at: sum, in: "encoder.position_embedding")
        stageValues[.positionalEmbedding] = StageValue(name: output, layout: .timeMajor)
        return (.init(kernel: kernel, groups: settings.groups, padding: kernel / 2), output)
    }

    /// Takes the Slice that drops the frame that a convolution with an even kernel yields beyond its input.
    private mutating func withoutLastFrame(_ value: String, like source: String) throws -> String {
        let module = "encoder.pos_conv_embed.padding"
        let expected = "a Slice without the last frame"
        let (node, axis) = try take(after: value, in: module, expecting: expected) { operation -> Int? in
            if case .slice(let axis) = operation { axis } else { nil }
        }
        guard axis == 2, try shape(of: node.output) == shape(of: source) else {
            throw misfit(
                node, in: module, "\(try shape(of: value).text) to \(try shape(of: node.output).text)",
                expected: expected)
        }
        return node.output
    }
}
