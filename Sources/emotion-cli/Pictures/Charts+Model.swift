import AudioInput
import Charts
import Foundation
import W2V2Engine

extension ArchitectureChart {
    /// An architecture as a picture, with the shapes and the arithmetic for a signal of `samples` samples.
    init(_ architecture: Architecture, title: String, samples: Int) {
        let frames = architecture.frames(samples: samples)
        let hidden = architecture.hiddenSize
        let operations = architecture.operations(samples: samples)
        /// A stage with the cost of the operations whose modules begin with `module`.
        func stage(
            _ name: String, _ detail: String, _ kind: Stage.Kind, _ frames: Int?, _ channels: Int, module: String
        ) -> Stage {
            let operations = operations.filter { $0.module.hasPrefix(module) }
            return Stage(
                name: name, detail: detail, kind: kind, frames: frames, channels: channels,
                parameters: operations.reduce(0) { $0 + $1.parameters },
                floatingPointOperations: Double(operations.reduce(0) { $0 + $1.floatingPointOperations }))
        }

        let perLayer = architecture.framesPerLayer(samples: samples)
        var stages = architecture.featureExtractor.enumerated().map { index, layer in
            stage(
                "conv layer \(index)", "kernel \(layer.kernel), stride \(layer.stride), LayerNorm, GELU", .features,
                perLayer[index], layer.outputChannels, module: "feature_extractor.conv_layers.\(index).")
        }
        let positional = architecture.positionalConvolution
        let layers = architecture.encoderLayers
        stages += [
            stage(
                "feature projection", "LayerNorm, Linear \(architecture.featureChannels) → \(hidden)",
                .projection, frames, hidden, module: "feature_projection"),
            stage(
                "positional convolution",
                "kernel \(positional.kernel), \(positional.groups) groups, GELU, added to its input", .position, frames,
                hidden, module: "encoder.pos_conv_embed"),
            stage(
                "\(layers) × encoder layer",
                "\(architecture.attentionHeads) heads × \(architecture.headSize),"
                    + " feed-forward \(architecture.feedForwardSize)", .encoder, frames, hidden,
                module: "encoder.layers."),
            stage("final norm", "LayerNorm over channels", .pooling, frames, hidden, module: "encoder.layer_norm"),
        ]
        if architecture.pooling.mixesLayers {
            stages.append(
                stage(
                    "layer mix", "weighted sum of \(architecture.mixedStages.count) states", .pooling, frames, hidden,
                    module: "layer_weights"))
        }
        stages.append(
            stage("mean over time", architecture.pooledOutput, .pooling, nil, hidden, module: "pooling"))
        let heads = architecture.heads.enumerated().map { index, head in
            let activation = head.kind == .tanh ? " tanh," : ""
            return stage(
                "head: \(head.output)",
                "Linear \(hidden) → \(head.denseSize),\(activation) Linear \(head.denseSize) → \(head.size)",
                .head, nil, head.size, module: "heads.\(index).")
        }
        self.init(
            title: title, samples: samples, stages: stages, heads: heads,
            encoderLayer: EncoderLayer(
                frames: frames, channels: hidden, attentionHeads: architecture.attentionHeads,
                feedForwardChannels: architecture.feedForwardSize))
    }
}

extension ProfileChart {
    /// A profile as a picture.
    init(_ profile: Profile) {
        let seconds = Double(profile.samples) / Double(Signal.sampleRate)
        let names = [profile.model, profile.precision.rawValue, profile.processor].compactMap { $0 }
        let peaks = profile.roofline.peaks.sorted { $0.value < $1.value }
        self.init(
            title: ([String(format: "%.4g s of audio", seconds)] + names).joined(separator: ", "),
            peak: peaks.last.map { $0.value / 1e9 },
            lowerPeaks: peaks.dropLast().map { .init(name: $0.key.rawValue, rate: $0.value / 1e9) },
            shareOfPeak: profile.shareOfPeak(of: profile.network),
            bandwidth: profile.roofline.bandwidth / 1e9, threads: profile.threads,
            parts: profile.network.children.flatMap(Self.parts))
    }

    /// A stage's operations, layer by layer.
    private static func parts(of stage: Profile.Node) -> [Part] {
        if stage.children.isEmpty {
            let name = stage.name.replacing("positional convolution", with: "positional conv")
            return [part(name, of: name, stage)]
        }
        return stage.children.flatMap { child -> [Part] in
            if stage.name == "heads" { return [part("head", of: "heads", child)] }
            if child.children.isEmpty { return [part(child.name, of: stage.name, child)] }
            // As in the picture of the architecture.
            let kind = stage.name == "feature extractor" ? "conv" : stage.name
            return child.children.map { part($0.name, of: "\(kind) \(child.name)", $0) }
        }
    }

    private static func part(_ operation: String, of layer: String, _ node: Profile.Node) -> Part {
        Part(
            operation: operation, layer: layer, milliseconds: node.seconds * 1e3,
            floatingPointOperations: Double(node.floatingPointOperations), bytesMoved: Double(node.bytes))
    }
}
