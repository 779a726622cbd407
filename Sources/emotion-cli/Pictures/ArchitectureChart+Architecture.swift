import Charts
import W2V2Engine

extension ArchitectureChart {
    /// An architecture as a picture, with the shapes and the arithmetic for a signal of `samples` samples.
    init(_ architecture: Architecture, title: String, samples: Int) {
        let frames = architecture.frames(samples: samples)
        let hidden = Shape(frames: frames, channels: architecture.hiddenSize)
        let parts = architecture.parts(samples: samples)
        /// A stage with the cost of the parts whose names begin with `module`.
        func stage(
            _ name: String, _ detail: String, _ kind: Stage.Kind, _ output: Shape, module: String?
        ) -> Stage {
            let parts = parts.filter { part in module.map { part.name.hasPrefix($0) } ?? false }
            return Stage(
                name: name, detail: detail, kind: kind, output: output,
                parameters: parts.reduce(0) { $0 + $1.parameters },
                floatingPointOperations: Double(parts.reduce(0) { $0 + $1.floatingPointOperations }))
        }

        var stages: [Stage] = []
        let perLayer = architecture.framesPerLayer(samples: samples)
        for (index, layer) in architecture.featureExtractor.enumerated() {
            let weights = layer.inputChannels * layer.kernel * layer.outputChannels
            stages.append(
                Stage(
                    name: "conv layer \(index)",
                    detail: "kernel \(layer.kernel), stride \(layer.stride), LayerNorm, GELU", kind: .features,
                    output: Shape(frames: perLayer[index], channels: layer.outputChannels),
                    parameters: weights + 3 * layer.outputChannels,
                    floatingPointOperations: Double(2 * perLayer[index] * weights)))
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
                Shape(frames: nil, channels: architecture.hiddenSize), module: nil),
        ]
        let heads = architecture.heads.enumerated().map { index, head in
            stage(
                "head: \(head.output)",
                "Linear \(architecture.hiddenSize) → \(head.denseSize), tanh, Linear \(head.denseSize) → \(head.size)",
                .head, Shape(frames: nil, channels: head.size), module: "heads.\(index)")
        }
        self.init(
            title: title, samples: samples, stages: stages, heads: heads,
            encoderLayer: EncoderLayer(
                frames: frames, channels: architecture.hiddenSize, attentionHeads: architecture.attentionHeads,
                feedForwardChannels: architecture.feedForwardSize))
    }
}
