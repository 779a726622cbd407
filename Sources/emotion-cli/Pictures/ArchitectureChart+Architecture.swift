import Charts
import W2V2Engine

extension ArchitectureChart {
    /// An architecture as a picture, with the shapes and the arithmetic for a signal of `samples` samples.
    init(_ architecture: Architecture, title: String, samples: Int) {
        let frames = architecture.frames(samples: samples)
        let hidden = Shape(frames: frames, channels: architecture.hiddenSize)
        let operations = architecture.operations(samples: samples)
        /// A stage with the cost of the operations whose modules begin with `module`.
        func stage(
            _ name: String, _ detail: String, _ kind: Stage.Kind, _ output: Shape, module: String
        ) -> Stage {
            let operations = operations.filter { $0.module.hasPrefix(module) }
            return Stage(
                name: name, detail: detail, kind: kind, output: output,
                parameters: operations.reduce(0) { $0 + $1.parameters },
                floatingPointOperations: Double(operations.reduce(0) { $0 + $1.floatingPointOperations }))
        }

        let perLayer = architecture.framesPerLayer(samples: samples)
        var stages = architecture.featureExtractor.enumerated().map { index, layer in
            stage(
                "conv layer \(index)", "kernel \(layer.kernel), stride \(layer.stride), LayerNorm, GELU", .features,
                Shape(frames: perLayer[index], channels: layer.outputChannels),
                module: "feature_extractor.conv_layers.\(index).")
        }
        let positional = architecture.positionalConvolution
        let layers = architecture.encoderLayers
        stages += [
            stage(
                "feature projection", "LayerNorm, Linear \(architecture.featureChannels) → \(architecture.hiddenSize)",
                .projection, hidden, module: "feature_projection"),
            stage(
                "positional convolution",
                "kernel \(positional.kernel), \(positional.groups) groups, GELU, added to its input", .position, hidden,
                module: "encoder.pos_conv_embed"),
            stage(
                "\(layers) × encoder layer",
                "\(architecture.attentionHeads) heads × \(architecture.headSize),"
                    + " feed-forward \(architecture.feedForwardSize)", .encoder, hidden, module: "encoder.layers."),
            stage("final norm", "LayerNorm over channels", .pooling, hidden, module: "encoder.layer_norm"),
            stage(
                "mean over time", architecture.pooledOutput, .pooling,
                Shape(frames: nil, channels: architecture.hiddenSize), module: "pooling"),
        ]
        let heads = architecture.heads.enumerated().map { index, head in
            stage(
                "head: \(head.output)",
                "Linear \(architecture.hiddenSize) → \(head.denseSize), tanh, Linear \(head.denseSize) → \(head.size)",
                .head, Shape(frames: nil, channels: head.size), module: "heads.\(index).")
        }
        self.init(
            title: title, samples: samples, stages: stages, heads: heads,
            encoderLayer: EncoderLayer(
                frames: frames, channels: architecture.hiddenSize, attentionHeads: architecture.attentionHeads,
                feedForwardChannels: architecture.feedForwardSize))
    }
}
