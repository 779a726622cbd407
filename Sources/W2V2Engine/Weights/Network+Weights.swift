import Kernels

/// Where the network's weights come from: the floats of one of them, by its name in the architecture and its size.
typealias WeightSource = (_ name: String, _ count: Int) throws -> ConstantFloats

extension Network {
    /// Puts the weights of `source` into their places. Their names and their layouts are those of ``WeightName``.
    init(_ architecture: Architecture, _ source: @escaping WeightSource) throws {
        let weights = Weights(source: source, epsilon: architecture.layerNormEpsilon)
        let hidden = architecture.hiddenSize
        inputNormalization = architecture.inputNormalizationEpsilon.map { InputNormalization(epsilon: $0) }
        featureExtractor = FeatureExtractor(
            layers: try architecture.featureExtractor.enumerated().map { index, sizes in
                let name = WeightName.featureExtractor(index)
                return FeatureExtractor.Layer(
                    sizes: sizes,
                    weight: try weights.panels(name, sizes.kernel * sizes.inputChannels, sizes.outputChannels),
                    bias: try weights.bias(name, sizes.outputChannels),
                    norm: try weights.norm(name + ".norm", sizes.outputChannels))
            })
        featureProjection = FeatureProjection(
            norm: try weights.norm(WeightName.projectionNorm, architecture.featureChannels),
            projection: try weights.linear(WeightName.projection, architecture.featureChannels, hidden))
        let positional = architecture.positionalConvolution
        let channels = hidden / positional.groups
        positionalConvolution = PositionalConvolution(
            sizes: positional,
            weights: try (0..<positional.groups).map {
                try weights.panels(WeightName.positionalGroup($0), positional.kernel * channels, channels)
            },
            bias: try weights.bias(WeightName.positional, hidden))
        encoder = try (0..<architecture.encoderLayers).map { index in
            let name = WeightName.encoder(index)
            return EncoderLayer(
                attentionNorm: try weights.norm(name.attentionNorm, hidden),
                attention: Attention(
                    heads: architecture.attentionHeads,
                    queryKeyValue: try weights.linear(name.queryKeyValue, hidden, 3 * hidden),
                    output: try weights.linear(name.attentionOutput, hidden, hidden)),
                feedForwardNorm: try weights.norm(name.feedForwardNorm, hidden),
                feedForward: FeedForward(
                    intermediate: try weights.linear(name.intermediate, hidden, architecture.feedForwardSize),
                    output: try weights.linear(name.feedForwardOutput, architecture.feedForwardSize, hidden)))
        }
        finalNorm = try weights.norm(WeightName.finalNorm, hidden)
        heads = try architecture.heads.enumerated().map { index, head in
            let name = WeightName.head(index)
            return Head(
                dense: try weights.dense(name.dense, hidden, head.denseSize),
                projection: try weights.dense(name.projection, head.denseSize, head.size))
        }
    }
}

/// What weights are called in the architecture. A part's own are its name with `.weight` and `.bias`.
///
/// The weights of fully connected layers and of convolutions are in panels, `[input, output]` and
/// `[kernel · input channels, output channels]`; those of heads are row-major, `[input, output]`.
enum WeightName {
    static let projectionNorm = "feature_projection.layer_norm"
    static let projection = "feature_projection.projection"
    static let positional = "encoder.pos_conv_embed.conv"
    static let finalNorm = "encoder.layer_norm"

    static func featureExtractor(_ layer: Int) -> String { "feature_extractor.conv_layers.\(layer)" }
    static func positionalGroup(_ group: Int) -> String { "\(positional).group.\(group)" }
    static func encoder(_ layer: Int) -> Encoder { Encoder(path: "encoder.layers.\(layer)") }
    static func head(_ index: Int) -> Head { Head(path: "heads.\(index)") }

    struct Encoder {
        let path: String

        var attentionNorm: String { "\(path).layer_norm" }
        var queryKeyValue: String { "\(path).attention.qkv" }
        var attentionOutput: String { "\(path).attention.out_proj" }
        var feedForwardNorm: String { "\(path).final_layer_norm" }
        var intermediate: String { "\(path).feed_forward.intermediate_dense" }
        var feedForwardOutput: String { "\(path).feed_forward.output_dense" }
    }

    struct Head {
        let path: String

        var dense: String { "\(path).dense" }
        var projection: String { "\(path).out_proj" }
    }
}

private struct Weights {
    let source: WeightSource
    let epsilon: Double

    func panels(_ name: String, _ depth: Int, _ columns: Int) throws -> ConstantPanels {
        ConstantPanels(
            depth: depth, columns: columns,
            try source("\(name).weight", Panels.floatCount(depth: depth, columns: columns)))
    }

    func bias(_ name: String, _ count: Int) throws -> ConstantVector {
        ConstantVector(try source("\(name).bias", count))
    }

    func linear(_ name: String, _ input: Int, _ output: Int) throws -> Linear {
        Linear(weight: try panels(name, input, output), bias: try bias(name, output))
    }

    func dense(_ name: String, _ input: Int, _ output: Int) throws -> Head.Dense {
        let floats = try source("\(name).weight", input * output)
        return Head.Dense(
            weight: ConstantMatrix(rows: input, columns: output, floats), bias: try bias(name, output))
    }

    func norm(_ name: String, _ count: Int) throws -> LayerNorm {
        LayerNorm(
            weight: ConstantVector(try source("\(name).weight", count)), bias: try bias(name, count), epsilon: epsilon)
    }
}
