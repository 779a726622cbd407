import Files

extension Architecture {
    /// Checks that the sizes make a network, that nothing counted from them overflows, and that they ask for no more memory
    /// than the weights, which are held against them when they are loaded, account for.
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
        func requireElements(_ factors: [Int], _ name: String, to most: Int = 1 << 32) throws(EngineError) {
            let elements = factors.reduce(1) { $0 * Double($1) }
            try require(elements <= Double(most), "\(name) has \(elements) elements, and should have at most \(most)")
        }
        func requireName(_ name: String, _ owner: String) throws(EngineError) {
            try require(
                name.utf8.count <= 512, "the name of \(owner) has \(name.utf8.count) bytes, and should have at most 512"
            )
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
        if let fixedSamples {
            try require(
                (minimumSamples...1 << 32).contains(fixedSamples),
                "it takes exactly \(fixedSamples) samples, and one frame is made of \(minimumSamples)")
        }
        // One frame at the end takes as many before it as its receptive field spans: a few weights can ask for any number.
        var frames = 1
        for (index, layer) in featureExtractor.enumerated().reversed() {
            try requireElements(
                [frames, layer.outputChannels], "of the feature extractor's layer \(index), what one frame is made of",
                to: 1 << 22)
            frames = (frames - 1) * layer.stride + layer.kernel
        }

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

        try require(heads.count <= 1 << 10, "there are \(heads.count) heads, and should be at most \(1 << 10)")
        try requireName(input, "the input")
        for name in outputs { try requireName(name, "an output") }
        for head in heads {
            let name = "the head \(quoted(head.output))"
            try requireSize(head.denseSize, "the inner size of \(name)")
            try requireSize(head.size, "the size of \(name)")
            try requireElements([head.denseSize, max(hiddenSize, head.size)], "the weight of \(name)")
        }
        // Each has a label, with the output's name in it.
        try requireSize(
            max(heads.reduce(0) { $0 + $1.size }, 1), "the number of all heads' outputs together", to: 1 << 16)
        try require(Set(outputs).count == outputs.count, "two outputs have the same name")
        try checkCosts()
    }

    /// Checks sums over all operations, of which each is small enough by itself.
    private func checkCosts() throws(EngineError) {
        let second = 16_000
        let operations = operations(samples: second)
        // Panels are 64 columns wide, however few a weight has.
        let width = 64
        var (padded, parameters, hourly) = (0.0, 0.0, 0.0)
        for operation in operations {
            parameters += Double(operation.parameters)
            guard let product = operation.product else { continue }
            if operation.parameters > 0 {
                let columns = (product.columns + width - 1) / width * width
                padded += Double(product.count) * Double(product.depth) * Double(columns)
            }
            // Attention's grow with the square of the length.
            let isQuadratic = operation.kind == .scores || operation.kind == .context
            hourly += Double(operation.floatingPointOperations) * (isQuadratic ? 3600 * 3600 : 3600)
        }
        guard padded <= 8 * parameters + Double(1 << 24) else {
            throw .impossibleArchitecture(
                reason: "its weights take \(padded) numbers in panels of \(width) columns, and have \(parameters)")
        }
        guard hourly < 0x1p62 else {
            throw .impossibleArchitecture(reason: "an hour of audio would take \(hourly) operations")
        }
    }
}
