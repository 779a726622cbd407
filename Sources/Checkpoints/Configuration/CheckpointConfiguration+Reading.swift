import Foundation

extension CheckpointConfiguration {
    /// Reads the two files of a folder.
    package init(folder: String) throws(CheckpointError) {
        let values = try ConfigurationValues(path: join(folder, "config.json"))
        path = values.path

        let architectures = try values.texts("architectures")
        architecture = architectures?.first
        modelType = try values.text("model_type")

        convolutionSizes = try values.sizes("conv_dim", default: Array(repeating: 512, count: 7))
        convolutionKernels = try values.sizes("conv_kernel", default: [10, 3, 3, 3, 3, 2, 2])
        convolutionStrides = try values.sizes("conv_stride", default: [5, 2, 2, 2, 2, 2, 2])
        convolutionBias = try values.flag("conv_bias", default: false)
        featureNorm = try values.choice("feat_extract_norm", default: .group)
        featureActivation = try values.text("feat_extract_activation", default: "gelu")
        normalizesProjection = try values.flag("feat_proj_layer_norm", default: true)

        hiddenSize = try values.size("hidden_size", default: 768)
        layerCount = try values.size("num_hidden_layers", default: 12)
        headCount = try values.size("num_attention_heads", default: 12)
        feedForwardSize = try values.size("intermediate_size", default: 3072)
        hiddenActivation = try values.text("hidden_act", default: "gelu")
        layerNormEpsilon = try values.fraction("layer_norm_eps", default: 1e-5)
        normalizesFirst = try values.flag("do_stable_layer_norm", default: false)
        positionKernel = try values.size("num_conv_pos_embeddings", default: 128)
        positionGroups = try values.size("num_conv_pos_embedding_groups", default: 16)
        positionBatchNorm = try values.flag("conv_pos_batch_norm", default: false)
        hasAdapter = try values.flag("add_adapter", default: false)

        usesWeightedLayerSum = try values.flag("use_weighted_layer_sum", default: false)
        classifierProjectionSize = try values.size("classifier_proj_size", default: 256)
        (labels, labelCount) = try values.labels()
        poolingMode = try values.text("pooling_mode")
        finetuningTask = try values.text("finetuning_task")
        problemType = try values.text("problem_type")
        transformersVersion = try values.text("transformers_version")

        normalizesInput = try Self.normalizesInput(folder: folder)

        for (key, list) in [("conv_kernel", convolutionKernels), ("conv_stride", convolutionStrides)]
        where list.count != convolutionSizes.count {
            throw values.wrong(
                key, found: "a list of \(list.count)",
                expected: "a list of \(convolutionSizes.count) sizes, as many as conv_dim has")
        }
    }

    private static func normalizesInput(folder: String) throws(CheckpointError) -> Bool? {
        let path = join(folder, "preprocessor_config.json")
        // A link that leads nowhere is there too, and fails to open.
        guard (try? FileManager.default.attributesOfItem(atPath: path)) != nil else { return nil }
        return try ConfigurationValues(path: path).flag("do_normalize", default: true)
    }
}
