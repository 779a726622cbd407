import ONNXLoader
import W2V2Network

/// The signal and the convolutions over it.
extension ArchitectureReader {
    /// The epsilon of the normalisation that the model's authors apply to the signal.
    static let inputNormalizationEpsilon = 1e-7

    /// Takes the normalisation of the signal to zero mean and unit variance, if there is one.
    mutating func inputNormalization(_ signal: Int) throws -> (epsilon: Double?, output: Int) {
        let module = "input_normalization"
        let readers = graph.readers(of: signal)
        guard readers.count == 1, let reader = readers.first, case .standardization(1, let epsilon) = graph[reader].kind
        else { return (nil, signal) }
        guard epsilon.value.isClose(to: Self.inputNormalizationEpsilon) else {
            throw RecognitionError(
                node: epsilon.node, module: module, found: "epsilon \(epsilon.value.value)",
                expected: "the input normalisation's epsilon \(Self.inputNormalizationEpsilon)")
        }
        try claim(reader, in: module)
        note(reader, as: .inputNormalization)
        return (Double(Float(Self.inputNormalizationEpsilon)), reader)
    }

    /// Takes the convolution layers: from `signal` `[1, samples]` to `features` `[1, frames, channels]`.
    mutating func featureExtractor(_ signal: Int) throws -> (sizes: [Architecture.Convolution], features: Int) {
        var value = signal
        var sizes: [Architecture.Convolution] = []
        while sizes.isEmpty || graph.readers(of: value).contains(where: { graph[$0].kind.asConvolution != nil }) {
            let (size, output) = try convolutionLayer(
                value, inputChannels: sizes.last?.outputChannels ?? 1,
                in: "feature_extractor.conv_layers.\(sizes.count)")
            note(output, as: .featureExtractor(layer: sizes.count))
            sizes.append(size)
            value = output
        }
        return (sizes, value)
    }

    /// Takes a convolution, LayerNorm over its channels, and GELU.
    private mutating func convolutionLayer(
        _ value: Int, inputChannels: Int, in module: String
    ) throws -> (Architecture.Convolution, output: Int) {
        let (index, weight, settings) = try convolution(
            value, in: "\(module).conv", expecting: "a convolution with weight and bias")
        // [output channels, input channels, kernel]
        guard settings.groups == 1, settings.dilation == 1, settings.paddingBefore == 0, settings.paddingAfter == 0,
            weight[1] == inputChannels
        else {
            throw misfit(
                index, in: "\(module).conv", "weight \(weight), \(settings)",
                expected: "\(inputChannels) input channels, 1 group, dilation 1, no padding")
        }
        let size = Architecture.Convolution(
            inputChannels: inputChannels, outputChannels: weight[0], kernel: weight[2], stride: settings.stride)
        let normalized = try layerNorm(index, size: size.outputChannels, in: "\(module).layer_norm")
        return (size, try gelu(normalized, in: "\(module).activation"))
    }
}
