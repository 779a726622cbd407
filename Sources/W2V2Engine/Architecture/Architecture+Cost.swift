extension Architecture {
    /// The numbers the network has learnt: weights and biases of every layer.
    public var parameterCount: Int { parts(samples: 0).reduce(0) { $0 + $1.parameters } }

    /// The multiplications and additions of the matrix products for a signal of `samples` samples: two for each weight
    /// a frame meets, and for each pair of frames in attention. Norms and activations, under 1 %, are not counted.
    public func floatingPointOperations(samples: Int) -> Int {
        parts(samples: samples).reduce(0) { $0 + $1.floatingPointOperations }
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
}
