/// The names of the modules, as the published model has them.
enum ModuleName {
    static let featureProjection = "wav2vec2.feature_projection"
    static let encoder = "wav2vec2.encoder"
    static let positionalConvolution = "wav2vec2.encoder.pos_conv_embed.conv"
    static let classifier = "classifier"

    static func convolution(_ index: Int) -> String { "wav2vec2.feature_extractor.conv_layers.\(index)" }
    static func layer(_ index: Int) -> String { "wav2vec2.encoder.layers.\(index)" }
}

extension GraphDescription {
    /// The parameters that keep their names in the file, in the order of the module.
    ///
    /// The weights of linear layers are not among them: the exporter folds their transposes into unnamed constants.
    static func publishedParameters(_ sizes: StandIn.Sizes) -> [(name: String, tensor: WeightTensor)] {
        var parameters: [(name: String, tensor: WeightTensor)] = []
        func add(_ name: String, _ shape: [Int], _ distribution: WeightDistribution) {
            parameters.append((name, WeightTensor(shape: shape, distribution: distribution)))
        }
        func addLayerNorm(_ module: String, width: Int) {
            add("\(module).weight", [width], .layerNormWeight)
            add("\(module).bias", [width], .layerNormBias)
        }

        for (index, kernel) in sizes.kernels.enumerated() {
            let module = ModuleName.convolution(index)
            let inputs = index == 0 ? 1 : sizes.channels
            add("\(module).conv.weight", [sizes.channels, inputs, kernel], .convolution(fanIn: inputs * kernel))
            add("\(module).conv.bias", [sizes.channels], .bias)
            addLayerNorm("\(module).layer_norm", width: sizes.channels)
        }
        addLayerNorm("\(ModuleName.featureProjection).layer_norm", width: sizes.channels)
        add("\(ModuleName.featureProjection).projection.bias", [sizes.hidden], .bias)
        add("\(ModuleName.positionalConvolution).bias", [sizes.hidden], .bias)
        addLayerNorm("\(ModuleName.encoder).layer_norm", width: sizes.hidden)
        for index in 0..<sizes.layers {
            let module = ModuleName.layer(index)
            for projection in ["k_proj", "v_proj", "q_proj", "out_proj"] {
                add("\(module).attention.\(projection).bias", [sizes.hidden], .bias)
            }
            addLayerNorm("\(module).layer_norm", width: sizes.hidden)
            add("\(module).feed_forward.intermediate_dense.bias", [sizes.feedForward], .bias)
            add("\(module).feed_forward.output_dense.bias", [sizes.hidden], .bias)
            addLayerNorm("\(module).final_layer_norm", width: sizes.hidden)
        }
        let dense = WeightDistribution.linear(fanIn: sizes.hidden)
        add("\(ModuleName.classifier).dense.weight", [sizes.hidden, sizes.hidden], dense)
        add("\(ModuleName.classifier).dense.bias", [sizes.hidden], .bias)
        add("\(ModuleName.classifier).out_proj.weight", [sizes.outputs, sizes.hidden], .score(fanIn: sizes.hidden))
        add("\(ModuleName.classifier).out_proj.bias", [sizes.outputs], .scoreBias)
        return parameters
    }

    /// How many of the module's parameters do not keep their names: the weights of the feature projection and of six
    /// linear layers in each encoder layer, the two parts of the positional convolution's weight, and a mask embedding
    /// that only training uses.
    static func unnamedParameterCount(_ sizes: StandIn.Sizes) -> Int { 1 + 6 * sizes.layers + 2 + 1 }
}

/// The mean and the standard deviation of a tensor's elements.
struct WeightDistribution: Hashable {
    let mean: Float
    let deviation: Double

    // Chosen so that activations keep about the same size from layer to layer.
    static let layerNormWeight = WeightDistribution(mean: 1, deviation: 0.1)
    static let layerNormBias = WeightDistribution(mean: 0, deviation: 0.1)
    static let bias = WeightDistribution(mean: 0, deviation: 0.05)

    static func linear(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: 0.7 / Double(fanIn).squareRoot())
    }

    /// He's initialisation, as wav2vec 2.0's feature extractor has it.
    static func convolution(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: (2 / Double(fanIn)).squareRoot())
    }

    /// The deviation of torch's default initialisation of a convolution.
    static func positionalConvolution(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: (1 / (3 * Double(fanIn))).squareRoot())
    }

    /// For scores that mostly stay in the range 0…1 and vary with the input, as the published model's do.
    static func score(fanIn: Int) -> WeightDistribution {
        WeightDistribution(mean: 0, deviation: 0.3 / Double(fanIn).squareRoot())
    }
    static let scoreBias = WeightDistribution(mean: 0.5, deviation: 0.05)
}
