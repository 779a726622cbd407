extension Architecture {
    /// The numbers the network has learnt: weights and biases of every layer.
    public var parameterCount: Int {
        let features = featureExtractor.reduce(0) { sum, layer in
            // The convolution's weight and bias, and its norm's.
            sum + layer.inputChannels * layer.kernel * layer.outputChannels + 3 * layer.outputChannels
        }
        let projection = 2 * featureChannels + linear(featureChannels, hiddenSize)
        let positional =
            hiddenSize * (hiddenSize / positionalConvolution.groups) * positionalConvolution.kernel + hiddenSize
        let layer =
            4 * linear(hiddenSize, hiddenSize) + linear(hiddenSize, feedForwardSize)
            + linear(feedForwardSize, hiddenSize) + 4 * hiddenSize
        let heads = heads.reduce(0) { $0 + linear(hiddenSize, $1.denseSize) + linear($1.denseSize, $1.size) }
        return features + projection + positional + encoderLayers * layer + 2 * hiddenSize + heads
    }

    /// The multiplications and additions of the matrix products for a signal of `samples` samples: two for each weight
    /// a frame meets, and for each pair of frames in attention. Norms and activations, under 1 %, are not counted.
    public func floatingPointOperations(samples: Int) -> Int {
        let layer =
            floatingPointOperations(of: .attention, samples: samples)
            + floatingPointOperations(of: .feedForward, samples: samples)
        let heads = heads.reduce(0) { $0 + hiddenSize * $1.denseSize + $1.denseSize * $1.size }
        return floatingPointOperations(of: .featureExtractor, samples: samples)
            + 2 * frames(samples: samples) * featureChannels * hiddenSize
            + floatingPointOperations(of: .positionalConvolution, samples: samples) + encoderLayers * layer + 2 * heads
    }

    /// The same for one part of the network, in one layer where it is an encoder layer's.
    func floatingPointOperations(of part: NetworkPart, samples: Int) -> Int {
        let frames = frames(samples: samples)
        switch part {
        case .featureExtractor:
            return zip(featureExtractor, framesPerLayer(samples: samples)).reduce(0) { sum, layer in
                sum + 2 * layer.1 * layer.0.inputChannels * layer.0.kernel * layer.0.outputChannels
            }
        case .positionalConvolution:
            return 2 * frames * hiddenSize * (hiddenSize / positionalConvolution.groups) * positionalConvolution.kernel
        case .attention: return 2 * frames * (4 * hiddenSize * hiddenSize + 2 * frames * hiddenSize)
        case .feedForward: return 2 * frames * 2 * hiddenSize * feedForwardSize
        }
    }

    private func linear(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * outputs }
}
