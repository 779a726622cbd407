import Files
import W2V2Network

/// A checkpoint as the network that it is: its sizes, its parameters, and what its outputs mean.
///
/// Sizes come from `config.json` and are held against every tensor. A tensor that is missing, left over or of another shape
/// is an error, and so is a network that differs from the one that is computed here.
package struct CheckpointModel: Sendable {
    package let weights: CheckpointWeights
    package let configuration: CheckpointConfiguration
    package let architecture: Architecture
    /// Every parameter of the network, in forward order.
    package let parameters: [CheckpointParameter]
    /// By output name.
    package let labels: [String: [String]]
    /// What a user should know of it, each on one line.
    package let notices: [String]

    /// Reads a folder as the hub has it, or a file of weights in one.
    ///
    /// - Throws: ``CheckpointError``, or `EngineError` if the sizes make no network.
    package init(at path: String) throws {
        let weights = try CheckpointWeights(at: path)
        let folder = Self.folder(of: path)
        let configuration = try CheckpointConfiguration(folder: folder)
        try configuration.checkNetwork()

        let names = ["wav2vec2.", "hubert."]
        let prefix = names.first { name in weights.tensors.contains { $0.name.hasPrefix(name) } } ?? ""
        var account = TensorAccount(weights, prefix: prefix)
        try account.takeEncoder(configuration)
        let heads = try account.takeHeads(configuration)
        try account.checkThatAllAreTaken()

        // As transformers does without the file.
        let isNormalized = configuration.normalizesInput ?? true
        architecture = try Architecture(
            input: "input_values", inputNormalizationEpsilon: isNormalized ? Double(Float(1e-7)) : nil,
            featureExtractor: configuration.convolutions, hiddenSize: configuration.hiddenSize,
            positionalConvolution: .init(
                kernel: configuration.positionKernel, groups: configuration.positionGroups,
                padding: configuration.positionKernel / 2),
            encoderLayers: configuration.layerCount, attentionHeads: configuration.headCount,
            feedForwardSize: configuration.feedForwardSize, layerNormEpsilon: Double(Float(1e-5)),
            pooledOutput: "hidden_states", heads: heads.sizes,
            pooling: configuration.pooling(classifies: heads.sizes.contains { $0.kind == .linear }))
        parameters = account.parameters
        labels = heads.labels
        let unknown =
            configuration.normalizesInput == nil
            ? ["\(folder): no preprocessor_config.json; signals are normalised, as transformers does by default"] : []
        let mixed =
            architecture.pooling == .layerMixWithFinalNorm
            ? [
                "the last of the states that are mixed is taken after the final norm, as by transformers 4, which wrote the checkpoint"
            ]
            : []
        notices = unknown + mixed + heads.notices
        self.weights = weights
        self.configuration = configuration
    }

    /// The folder that has the configuration: that of the weights, as the path names it.
    private static func folder(of path: String) -> String {
        let isFile = [".safetensors", ".bin", ".json"].contains { path.hasSuffix($0) }
        guard isFile else { return path }
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

extension CheckpointConfiguration {
    /// What is pooled: `hidden_states[-1]` of a model for sequence classification, which gives no other state, or what
    /// it mixes, as by the transformers that wrote the checkpoint; else `last_hidden_state`.
    fileprivate func pooling(classifies: Bool) -> Architecture.Pooling {
        // Up to 4, the last of the hidden states is the final norm's output.
        let endsWithFinalNorm = transformersVersion?.hasPrefix("4.") ?? false
        if usesWeightedLayerSum { return endsWithFinalNorm ? .layerMixWithFinalNorm : .layerMix }
        return classifies && !endsWithFinalNorm ? .lastLayer : .finalNorm
    }

    /// The layers of the feature extractor.
    fileprivate var convolutions: [Architecture.Convolution] {
        zip(convolutionSizes, zip(convolutionKernels, convolutionStrides)).enumerated().map { index, sizes in
            Architecture.Convolution(
                inputChannels: index == 0 ? 1 : convolutionSizes[index - 1], outputChannels: sizes.0,
                kernel: sizes.1.0, stride: sizes.1.1)
        }
    }

    /// Refuses networks that are computed in another way.
    fileprivate func checkNetwork() throws(CheckpointError) {
        func require(_ condition: Bool, _ key: String, _ found: String, _ expected: String) throws(CheckpointError) {
            if !condition {
                throw CheckpointError(.network(.differs(found: found, expected: expected)), part: key, file: path)
            }
        }
        let type = modelType ?? "wav2vec2"
        try require(
            ["wav2vec2", "hubert"].contains(type), "model_type", "\(printable(type, longest: 120))",
            "wav2vec2 and hubert (WavLM and others have another attention)")
        try require(
            featureNorm == .layer, "feat_extract_norm",
            "group norm after the first convolution alone, as in the base models",
            "a layer norm after every convolution, as in the large models")
        try require(
            normalizesFirst, "do_stable_layer_norm", "norms after each block, as in the base models",
            "norms before each block (pre-norm), as in the large models")
        try require(convolutionBias, "conv_bias", "convolutions without bias", "convolutions with a bias")
        try require(
            featureActivation == "gelu", "feat_extract_activation", printable(featureActivation, longest: 120),
            "gelu, in its exact form")
        try require(
            hiddenActivation == "gelu", "hidden_act", printable(hiddenActivation, longest: 120),
            "gelu, in its exact form")
        try require(
            Float(layerNormEpsilon) == 1e-5, "layer_norm_eps", "\(layerNormEpsilon)", "norms with an epsilon of 1e-05")
        try require(normalizesProjection, "feat_proj_layer_norm", "no norm before the projection", "one")
        try require(
            !positionBatchNorm, "conv_pos_batch_norm", "a batch norm in the position embedding", "a weight norm")
        try require(!hasAdapter, "add_adapter", "convolutions after the encoder", "the encoder's own frames")
        try require(
            poolingMode.map { $0 == "mean" } ?? true, "pooling_mode", printable(poolingMode ?? "", longest: 120),
            "the mean over time")
    }
}
