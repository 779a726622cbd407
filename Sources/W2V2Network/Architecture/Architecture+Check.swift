extension Architecture {
    /// Checks that the sizes make a network, and that nothing counted from them overflows.
    ///
    /// - Throws: ``EngineError/impossibleArchitecture(reason:)``
    func check() throws(EngineError) {
        let largest = 1 << 20
        func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws(EngineError) {
            if !condition { throw .impossibleArchitecture(reason: reason()) }
        }
        func requireSize(_ size: Int, _ name: String, to largest: Int = largest) throws(EngineError) {
            try require((1...largest).contains(size), "\(name) is \(size), and should be from 1 to \(largest)")
        }
        /// Products of sizes in Double, which doesn't overflow.
        func requireElements(_ factors: [Int], _ name: String) throws(EngineError) {
            let (elements, most) = (factors.reduce(1) { $0 * Double($1) }, 1 << 32)
            try require(elements <= Double(most), "\(name) has \(elements) elements, and should have at most \(most)")
        }
        func requireEpsilon(_ epsilon: Double, _ name: String) throws(EngineError) {
            try require(epsilon > 0 && epsilon.isFinite, "\(name) is \(epsilon), and should be above 0")
        }

        try require(!featureExtractor.isEmpty, "the feature extractor has no layers")
        try requireSize(featureExtractor.count, "the number of the feature extractor's layers", to: 1 << 10)
        var (channels, samples) = (1, 1)
        for (index, layer) in featureExtractor.enumerated() {
            let name = "of the feature extractor's layer \(index)"
            try requireSize(layer.kernel, "the kernel \(name)")
            try requireSize(layer.stride, "the stride \(name)")
            try requireSize(layer.outputChannels, "the number of channels \(name)")
            try require(
                layer.inputChannels == channels,
                "the number of input channels \(name) is \(layer.inputChannels), and should be \(channels)")
            try requireElements(
                [layer.kernel, layer.inputChannels, layer.outputChannels], "the weight \(name)")
            channels = layer.outputChannels
            samples *= layer.stride
            try requireSize(samples, "the hop")
        }
        try requireSize(minimumSamples, "the receptive field")

        try requireSize(hiddenSize, "the hidden size")
        try requireSize(feedForwardSize, "the feed-forward size")
        try requireSize(encoderLayers, "the number of encoder layers", to: 1 << 12)
        try requireSize(attentionHeads, "the number of attention heads")
        try requireSize(positionalConvolution.groups, "the number of groups")
        try requireSize(positionalConvolution.kernel, "the positional convolution's kernel")
        try require(
            hiddenSize.isMultiple(of: attentionHeads), "\(attentionHeads) heads don't divide \(hiddenSize) channels")
        try require(
            hiddenSize.isMultiple(of: positionalConvolution.groups),
            "\(positionalConvolution.groups) groups don't divide \(hiddenSize) channels")
        try requireElements([4, hiddenSize, hiddenSize], "an attention's weight")
        try requireElements([2, hiddenSize, feedForwardSize], "a feed-forward part's weight")
        try requireElements(
            [positionalConvolution.kernel, hiddenSize / positionalConvolution.groups, hiddenSize],
            "the positional convolution's weight")
        let (kernel, padding) = (positionalConvolution.kernel, positionalConvolution.padding)
        try require(
            padding >= kernel / 2 && padding < kernel || kernel == 1 && padding == 0,
            "a padding of \(padding) does not keep the number of frames with a kernel of \(kernel)")
        try requireEpsilon(layerNormEpsilon, "the norms' epsilon")
        if let inputNormalizationEpsilon { try requireEpsilon(inputNormalizationEpsilon, "the input's epsilon") }

        try requireSize(heads.count, "the number of heads on the pooled state", to: 1 << 10)
        for head in heads {
            try requireSize(head.denseSize, "the inner size of the head \(head.output)")
            try requireSize(head.size, "the size of the head \(head.output)")
            try requireElements([head.denseSize, max(hiddenSize, head.size)], "the weight of the head \(head.output)")
        }
        try require(Set(outputs).count == outputs.count, "two outputs have the same name")
    }
}
