extension Architecture {
    /// Every operation of the network in forward order, with its cost for a signal of `samples` samples. All figures of
    /// parameters, arithmetic and memory traffic are sums over this list.
    public func operations(samples: Int) -> [NetworkOperation] {
        let frames = frames(samples: samples)
        let state = frames * hiddenSize  // [frames, hidden]
        var list: [NetworkOperation] = []

        if inputNormalizationEpsilon != nil {
            list.append(.init(.inputNormalization, in: "input_normalization", numbersMoved: 2 * samples))
        }
        list += convolutions(samples: samples)
        list += [
            .norm(.projectionNorm, in: "feature_projection.layer_norm", rows: frames, columns: featureChannels),
            .linear(.projection, in: "feature_projection.projection", rows: frames, featureChannels, hiddenSize),
            positionalConvolution(frames: frames),
        ]
        list += (0..<encoderLayers).flatMap { encoderLayer($0, frames: frames) }
        list.append(.norm(.finalNorm, in: "encoder.layer_norm", rows: frames, columns: hiddenSize))
        if pooling.mixesLayers { list.append(layerMix(frames: frames)) }
        let means = pooling == .lastLayer ? 2 : 1
        list.append(.init(.pooling, in: "pooling", numbersMoved: means * (state + hiddenSize)))
        for (index, head) in heads.enumerated() {
            let module = "heads.\(index)"
            list += [
                .linear(.head, layer: index, in: "\(module).dense", rows: 1, hiddenSize, head.denseSize),
                .linear(.head, layer: index, in: "\(module).out_proj", rows: 1, head.denseSize, head.size),
            ]
        }
        return list
    }

    private func convolutions(samples: Int) -> [NetworkOperation] {
        var inputFrames = samples
        return zip(featureExtractor, framesPerLayer(samples: samples)).enumerated().flatMap { index, layer in
            let (sizes, frames) = layer
            let module = "feature_extractor.conv_layers.\(index)"
            let weights = sizes.kernel * sizes.inputChannels * sizes.outputChannels
            let input = inputFrames * sizes.inputChannels
            inputFrames = frames
            // The norm adds the convolution's bias, and so reads it.
            return [
                NetworkOperation(
                    .convolution, layer: index, in: "\(module).conv",
                    .init(
                        rows: frames, depth: sizes.kernel * sizes.inputChannels, columns: sizes.outputChannels, count: 1
                    ),
                    parameters: weights + sizes.outputChannels,
                    numbersMoved: input + weights + frames * sizes.outputChannels),
                NetworkOperation(
                    .convolutionNorm, layer: index, in: "\(module).layer_norm", parameters: 2 * sizes.outputChannels,
                    numbersMoved: (2 * frames + 3) * sizes.outputChannels),
            ]
        }
    }

    private func positionalConvolution(frames: Int) -> NetworkOperation {
        let channels = hiddenSize / positionalConvolution.groups
        let depth = positionalConvolution.kernel * channels
        let parameters = (depth + 1) * hiddenSize
        // Its input comes in a second time, as what it is added to.
        return NetworkOperation(
            .positionalConvolution, in: "encoder.pos_conv_embed.conv",
            .init(rows: frames, depth: depth, columns: channels, count: positionalConvolution.groups),
            parameters: parameters, numbersMoved: 3 * frames * hiddenSize + parameters)
    }

    private func layerMix(frames: Int) -> NetworkOperation {
        let states = mixedStages.count
        // The sum is set to zero; then each state and the sum are read, and the sum is written.
        return NetworkOperation(
            .mixing, in: "layer_weights", parameters: states,
            numbersMoved: (3 * states + 1) * frames * hiddenSize + states)
    }

    private func encoderLayer(_ layer: Int, frames: Int) -> [NetworkOperation] {
        let module = "encoder.layers.\(layer)"
        let (attention, feedForward) = ("\(module).attention", "\(module).feed_forward")
        let (hidden, inner) = (hiddenSize, feedForwardSize)
        let state = frames * hidden  // [frames, hidden]
        let scores = attentionHeads * frames * frames  // [heads, frames, frames]
        return [
            .norm(.attentionNorm, layer: layer, in: "\(module).layer_norm", rows: frames, columns: hidden),
            .linear(.query, layer: layer, in: "\(attention).q_proj", rows: frames, hidden, hidden),
            .linear(.key, layer: layer, in: "\(attention).k_proj", rows: frames, hidden, hidden),
            .linear(.value, layer: layer, in: "\(attention).v_proj", rows: frames, hidden, hidden),
            .init(.packing, layer: layer, in: attention, numbersMoved: 4 * state),
            .init(
                .scores, layer: layer, in: attention,
                .init(rows: frames, depth: headSize, columns: frames, count: attentionHeads),
                numbersMoved: 2 * state + scores),
            .init(.softmax, layer: layer, in: attention, numbersMoved: 2 * scores),
            .init(
                .context, layer: layer, in: attention,
                .init(rows: frames, depth: frames, columns: headSize, count: attentionHeads),
                numbersMoved: scores + 2 * state),
            .linear(
                .attentionOutput, layer: layer, in: "\(attention).out_proj", rows: frames, hidden, hidden, adds: true),
            .norm(.feedForwardNorm, layer: layer, in: "\(module).final_layer_norm", rows: frames, columns: hidden),
            .linear(
                .feedForwardIntermediate, layer: layer, in: "\(feedForward).intermediate_dense", rows: frames, hidden,
                inner),
            .linear(
                .feedForwardOutput, layer: layer, in: "\(feedForward).output_dense", rows: frames, inner, hidden,
                adds: true),
        ]
    }
}

extension NetworkOperation {
    /// LayerNorm of `[rows, columns]`.
    fileprivate static func norm(
        _ kind: Kind, layer: Int? = nil, in module: String, rows: Int, columns: Int
    ) -> NetworkOperation {
        .init(kind, layer: layer, in: module, parameters: 2 * columns, numbersMoved: (2 * rows + 2) * columns)
    }

    /// A fully connected layer from `[rows, input]` to `[rows, output]`, which it adds to where `adds`.
    fileprivate static func linear(
        _ kind: Kind, layer: Int? = nil, in module: String, rows: Int, _ input: Int, _ output: Int, adds: Bool = false
    ) -> NetworkOperation {
        let parameters = (input + 1) * output
        return .init(
            kind, layer: layer, in: module, .init(rows: rows, depth: input, columns: output, count: 1),
            parameters: parameters, numbersMoved: rows * input + parameters + (adds ? 2 : 1) * rows * output)
    }
}
