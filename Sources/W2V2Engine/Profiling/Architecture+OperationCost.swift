extension Architecture {
    /// The most layers, or heads, that an operation is timed for.
    var timedLayers: Int { max(featureExtractor.count, encoderLayers, heads.count) }

    /// The multiplications and additions of an operation's matrix products for a signal of `samples` samples. Those of
    /// all operations in all layers are ``floatingPointOperations(samples:)``.
    func floatingPointOperations(of operation: NetworkOperation, layer: Int, samples: Int) -> Int {
        let frames = frames(samples: samples)
        switch operation {
        case .inputNormalization, .convolutionNorm, .projectionNorm, .attentionNorm, .packing, .softmax,
            .feedForwardNorm, .finalNorm, .pooling:
            return 0
        case .convolution:
            return 2 * framesPerLayer(samples: samples)[layer] * convolutionWeights(layer)
        case .projection: return 2 * frames * featureChannels * hiddenSize
        case .positionalConvolution: return 2 * frames * positionalWeights
        case .query, .key, .value, .attentionOutput: return 2 * frames * hiddenSize * hiddenSize
        case .scores, .context: return 2 * frames * frames * hiddenSize
        case .feedForwardIntermediate, .feedForwardOutput: return 2 * frames * hiddenSize * feedForwardSize
        case .head: return 2 * (hiddenSize * heads[layer].denseSize + heads[layer].denseSize * heads[layer].size)
        }
    }

    /// What an operation reads and writes for a signal of `samples` samples, in bytes, wherever it lies: its weights
    /// once, its input, its output, and a residual that it adds to.
    ///
    /// Attention's scores are counted as a whole, [heads, frames, frames], though a block of them is all that exists at
    /// a time, and never leaves the second cache.
    func bytesMoved(by operation: NetworkOperation, layer: Int, samples: Int) -> Int {
        MemoryLayout<Float>.stride * floatsMoved(by: operation, layer: layer, samples: samples)
    }

    private func floatsMoved(by operation: NetworkOperation, layer: Int, samples: Int) -> Int {
        let frames = frames(samples: samples)
        let state = frames * hiddenSize
        let scores = attentionHeads * frames * frames
        switch operation {
        case .inputNormalization: return 2 * samples
        case .convolution:
            let perLayer = framesPerLayer(samples: samples)
            let inputFrames = layer == 0 ? samples : perLayer[layer - 1]
            let sizes = featureExtractor[layer]
            return inputFrames * sizes.inputChannels + convolutionWeights(layer)
                + perLayer[layer] * sizes.outputChannels
        case .convolutionNorm:
            // With the convolution's bias.
            return (2 * framesPerLayer(samples: samples)[layer] + 3) * featureExtractor[layer].outputChannels
        case .projectionNorm: return (2 * frames + 2) * featureChannels
        case .projection: return frames * featureChannels + (featureChannels + 1) * hiddenSize + state
        // Its input comes in a second time, as what it is added to.
        case .positionalConvolution: return 3 * state + positionalWeights + hiddenSize
        case .attentionNorm, .feedForwardNorm, .finalNorm: return 2 * state + 2 * hiddenSize
        case .query, .key, .value: return 2 * state + (hiddenSize + 1) * hiddenSize
        case .packing: return 4 * state
        case .scores: return 2 * state + scores
        case .softmax: return 2 * scores
        case .context: return scores + 2 * state
        case .attentionOutput: return 3 * state + (hiddenSize + 1) * hiddenSize
        case .feedForwardIntermediate: return state + (hiddenSize + 1) * feedForwardSize + frames * feedForwardSize
        case .feedForwardOutput: return frames * feedForwardSize + (feedForwardSize + 1) * hiddenSize + 2 * state
        case .pooling: return state + hiddenSize
        case .head:
            let head = heads[layer]
            return hiddenSize + (hiddenSize + 1) * head.denseSize + (head.denseSize + 1) * head.size + head.size
        }
    }

    private func convolutionWeights(_ layer: Int) -> Int {
        let sizes = featureExtractor[layer]
        return sizes.inputChannels * sizes.kernel * sizes.outputChannels
    }

    private var positionalWeights: Int {
        hiddenSize * (hiddenSize / positionalConvolution.groups) * positionalConvolution.kernel
    }
}
