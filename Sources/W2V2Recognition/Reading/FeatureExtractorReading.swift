import ONNXLoader
import W2V2Network

/// The signal and the convolutions over it.
extension ArchitectureReader {
    /// The epsilon of the normalisation that the model's authors apply to the signal.
    static let inputNormalizationEpsilon = 1e-7

    /// Takes the normalisation of the signal to zero mean and unit variance, if there is one.
    mutating func inputNormalization(_ signal: String) throws -> (epsilon: Double?, output: String) {
        let module = "input_normalization"
        let readers = graph.readers(of: signal)
        guard readers.count == 1, let node = readers.first, case .standardization(let epsilon) = node.operation else {
            return (nil, signal)
        }
        guard epsilon.value.isClose(to: Self.inputNormalizationEpsilon) else {
            throw RecognitionError(
                node: epsilon.node, module: module, found: "epsilon \(epsilon.value)",
                expected: "the input normalisation's epsilon \(Self.inputNormalizationEpsilon)")
        }
        try claim(node, in: module)
        stageValues[.inputNormalization] = StageValue(name: node.output, layout: .timeMajor)
        return (epsilon.value, node.output)
    }

    /// Takes the convolution layers: from `signal` `[1, samples]` to `features` `[1, channels, frames]`.
    mutating func featureExtractor(
        _ signal: String
    ) throws -> (sizes: [Architecture.Convolution], features: String) {
        let module = "feature_extractor"
        let source = try shape(of: signal)
        guard let oneChannel = AxisView(of: source).reshaped(to: [.one] + source) else {
            throw RecognitionError(
                node: nil, module: module, found: "a signal of shape \(source.text)", expected: "[1, samples]")
        }
        var value = try oneChannelSignal(signal, as: oneChannel, in: module)
        var sizes: [Architecture.Convolution] = []
        while sizes.isEmpty || nextIsConvolution(value) {
            let (size, output) = try convolutionLayer(
                value, inputChannels: sizes.last?.outputChannels ?? 1, in: "\(module).conv_layers.\(sizes.count)")
            stageValues[.featureExtractor(layer: sizes.count)] = StageValue(name: output, layout: .channelMajor)
            sizes.append(size)
            value = output
        }
        return (sizes, value)
    }

    /// Takes the one node that makes `[1, samples]` into `[1, 1, samples]`.
    private mutating func oneChannelSignal(_ signal: String, as view: AxisView, in module: String) throws -> String {
        let (node, _) = try take(
            after: signal, in: module, expecting: "the signal as one channel, [1, 1, samples]", as: "Rearrangement"
        ) { $0.isRearrangement ? () : nil }
        guard try rearranged(AxisView(of: try shape(of: signal)), by: node) == view else {
            throw misfit(node, in: module, "shape \(try shape(of: node.output).text)", expected: "[1, 1, samples]")
        }
        return node.output
    }

    private func nextIsConvolution(_ value: String) -> Bool {
        graph.readers(of: value).contains { $0.operation.asConvolution != nil }
    }

    /// Takes a convolution, LayerNorm over its channels, and GELU. Features are `[1, channels, frames]`.
    private mutating func convolutionLayer(
        _ value: String, inputChannels: Int, in module: String
    ) throws -> (Architecture.Convolution, output: String) {
        let (node, convolution) = try take(
            after: value, in: "\(module).conv", expecting: "a convolution with weight and bias"
        ) { $0.asConvolution }
        let (parameters, settings) = convolution
        let weight = parameters.weight.shape  // [output channels, input channels, kernel]
        guard settings.groups == 1, settings.dilation == 1, settings.paddingBefore == 0, settings.paddingAfter == 0,
            weight[1] == inputChannels
        else {
            throw misfit(
                node, in: "\(module).conv", "weight \(weight), \(settings)",
                expected: "\(inputChannels) input channels, 1 group, dilation 1, no padding")
        }
        let size = Architecture.Convolution(
            inputChannels: inputChannels, outputChannels: weight[0], kernel: weight[2], stride: settings.stride)
        keep(parameters, as: "\(module).conv")
        let norm = "\(module).layer_norm"
        let frames = try timeMajor(node.output, in: norm)
        let normalized = try layerNorm(frames, size: size.outputChannels, in: norm)
        let channels = try channelMajor(normalized, in: norm)
        let output = try gelu(channels, in: "\(module).activation")
        return (size, output)
    }

    /// Takes what makes `[1, channels, frames]` into `[1, frames, channels]`.
    mutating func timeMajor(_ value: String, in module: String) throws -> String {
        try exchangeAxes(value, in: module, expecting: "[1, frames, channels]")
    }

    /// Takes what makes `[1, frames, channels]` into `[1, channels, frames]`, beginning with `first` where `value` has
    /// other readers.
    mutating func channelMajor(
        _ value: String, startingWith first: FusedNode? = nil, in module: String
    ) throws -> String {
        try exchangeAxes(value, startingWith: first, in: module, expecting: "[1, channels, frames]")
    }

    private mutating func exchangeAxes(
        _ value: String, startingWith first: FusedNode? = nil, in module: String, expecting shape: String
    ) throws -> String {
        let source = try self.shape(of: value)
        guard source.count == 3, let exchanged = AxisView(of: source).transposed([0, 2, 1]) else {
            throw RecognitionError(
                node: graph.producer(of: value)?.label, module: module, found: "shape \(source.text)",
                expected: "three axes")
        }
        return try rearrange(
            value, startingWith: first, to: exchanged, in: module,
            expecting: "features with their axes exchanged, to \(shape)")
    }
}
