extension TensorAccount {
    /// Takes the tensors from the first convolution to the encoder's last norm, in forward order.
    mutating func takeEncoder(_ sizes: CheckpointConfiguration) throws(CheckpointError) {
        var channels = 1
        for (index, outputs) in sizes.convolutionSizes.enumerated() {
            let layer = "feature_extractor.conv_layers.\(index)"
            try take(
                layer: "\(layer).conv", weight: [outputs, channels, sizes.convolutionKernels[index]], bias: outputs)
            try take(layer: "\(layer).layer_norm", weight: [outputs], bias: outputs)
            channels = outputs
        }
        let hidden = sizes.hiddenSize
        try take(layer: "feature_projection.layer_norm", weight: [channels], bias: channels)
        try take(layer: "feature_projection.projection", weight: [hidden, channels], bias: hidden)

        let position = "encoder.pos_conv_embed.conv"
        guard hidden.isMultiple(of: sizes.positionGroups) else {
            throw CheckpointError(
                .network(
                    .differs(
                        found: "\(sizes.positionGroups) groups of \(hidden) channels",
                        expected: "groups of equal size")),
                part: "num_conv_pos_embedding_groups", file: sizes.path)
        }
        try takeNormed(position, shape: [hidden, hidden / sizes.positionGroups, sizes.positionKernel])
        try take("\(position).bias", shape: [hidden])

        for index in 0..<sizes.layerCount {
            let layer = "encoder.layers.\(index)"
            try take(layer: "\(layer).layer_norm", weight: [hidden], bias: hidden)
            for projection in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                try take(layer: "\(layer).attention.\(projection)", weight: [hidden, hidden], bias: hidden)
            }
            try take(layer: "\(layer).final_layer_norm", weight: [hidden], bias: hidden)
            let inner = sizes.feedForwardSize
            try take(layer: "\(layer).feed_forward.intermediate_dense", weight: [inner, hidden], bias: inner)
            try take(layer: "\(layer).feed_forward.output_dense", weight: [hidden, inner], bias: hidden)
        }
        try take(layer: "encoder.layer_norm", weight: [hidden], bias: hidden)
        // Stands for masked frames in training.
        leaveOut("masked_spec_embed")
    }
}
