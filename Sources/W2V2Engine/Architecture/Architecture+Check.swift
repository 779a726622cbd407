extension Architecture {
    /// Looks whether the sizes make a network: those of a recognised graph do, those of a file are only claims.
    ///
    /// - Throws: ``EngineError/impossibleArchitecture(reason:)``
    func check() throws {
        let largest = 1 << 20
        func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
            if !condition { throw EngineError.impossibleArchitecture(reason: reason()) }
        }
        func requireSize(_ size: Int, _ name: String) throws {
            try require((1...largest).contains(size), "\(name) is \(size), and should be from 1 to \(largest)")
        }
        func requireEpsilon(_ epsilon: Double, _ name: String) throws {
            try require(epsilon > 0 && epsilon.isFinite, "\(name) is \(epsilon), and should be above 0")
        }

        try require(!featureExtractor.isEmpty, "the feature extractor has no layers")
        try requireSize(featureExtractor.count, "the number of the feature extractor's layers")
        var (channels, samples) = (1, 1)
        for (index, layer) in featureExtractor.enumerated() {
            let name = "of the feature extractor's layer \(index)"
            try requireSize(layer.kernel, "the kernel \(name)")
            try requireSize(layer.stride, "the stride \(name)")
            try requireSize(layer.outputChannels, "the number of channels \(name)")
            try require(
                layer.inputChannels == channels,
                "the number of input channels \(name) is \(layer.inputChannels), and should be \(channels)")
            channels = layer.outputChannels
            samples *= layer.stride
            try requireSize(samples, "the hop")
        }
        try requireSize(minimumSamples, "the receptive field")

        try requireSize(hiddenSize, "the hidden size")
        try requireSize(feedForwardSize, "the feed-forward size")
        try requireSize(encoderLayers, "the number of encoder layers")
        try requireSize(attentionHeads, "the number of attention heads")
        try requireSize(positionalConvolution.groups, "the number of groups")
        try requireSize(positionalConvolution.kernel, "the positional convolution's kernel")
        try require(
            hiddenSize.isMultiple(of: attentionHeads), "\(attentionHeads) heads don't divide \(hiddenSize) channels")
        try require(
            hiddenSize.isMultiple(of: positionalConvolution.groups),
            "\(positionalConvolution.groups) groups don't divide \(hiddenSize) channels")
        let (kernel, padding) = (positionalConvolution.kernel, positionalConvolution.padding)
        try require(
            padding >= kernel / 2 && padding < kernel || kernel == 1 && padding == 0,
            "a padding of \(padding) does not keep the number of frames with a kernel of \(kernel)")
        try requireEpsilon(layerNormEpsilon, "the norms' epsilon")
        if let inputNormalizationEpsilon { try requireEpsilon(inputNormalizationEpsilon, "the input's epsilon") }

        try requireSize(heads.count, "the number of heads on the pooled state")
        for head in heads {
            try requireSize(head.denseSize, "the inner size of the head \(head.output)")
            try requireSize(head.size, "the size of the head \(head.output)")
        }
        try require(Set(outputs).count == outputs.count, "two outputs have the same name")
    }
}
