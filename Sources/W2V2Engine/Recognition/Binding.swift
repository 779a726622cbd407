import Kernels
import ONNXLoader

extension Network {
    /// Copies the parameters of a recognised model into the layouts that the layers read.
    init(_ model: RecognizedModel, _ team: ThreadTeam) throws {
        let (architecture, parameters) = (model.architecture, model.parameters)
        let epsilon = architecture.layerNormEpsilon
        inputNormalization = architecture.inputNormalizationEpsilon.map { InputNormalization(epsilon: $0) }
        featureExtractor = FeatureExtractor(
            layers: try zip(architecture.featureExtractor, parameters.featureExtractor).map { sizes, layer in
                FeatureExtractor.Layer(
                    sizes: sizes,
                    weight: try windowWeights(layer.convolution.weight, groups: 1)[0],
                    bias: ConstantVector(try layer.convolution.bias.floats()),
                    norm: try LayerNorm(layer.norm, epsilon: epsilon))
            })
        featureProjection = FeatureProjection(
            norm: try LayerNorm(parameters.projectionNorm, epsilon: epsilon),
            projection: try Linear(parameters.projection))
        positionalConvolution = PositionalConvolution(
            sizes: architecture.positionalConvolution,
            weights: try windowWeights(
                parameters.positionalConvolution.weight, groups: architecture.positionalConvolution.groups),
            bias: ConstantVector(try parameters.positionalConvolution.bias.floats()))
        encoder = try parallelMap(parameters.encoder, team) { layer in
            EncoderLayer(
                attentionNorm: try LayerNorm(layer.attentionNorm, epsilon: epsilon),
                attention: Attention(
                    heads: architecture.attentionHeads,
                    query: try Linear(layer.query),
                    key: try Linear(layer.key),
                    value: try Linear(layer.value),
                    output: try Linear(layer.attentionOutput)),
                feedForwardNorm: try LayerNorm(layer.feedForwardNorm, epsilon: epsilon),
                feedForward: FeedForward(
                    intermediate: try Linear(layer.intermediate),
                    output: try Linear(layer.feedForwardOutput)))
        }
        finalNorm = try LayerNorm(parameters.finalNorm, epsilon: epsilon)
        heads = try parameters.heads.map {
            Head(dense: try Linear($0.dense), projection: try Linear($0.projection))
        }
    }
}

extension LayerNorm {
    fileprivate init(_ parameters: NormParameters, epsilon: Double) throws {
        self.init(
            weight: try parameters.weight.floats(), bias: try parameters.bias.floats(), epsilon: epsilon)
    }
}

extension Linear {
    fileprivate init(_ parameters: LinearParameters) throws {
        let elements = try parameters.weight.floats()
        // The file's pages of a weight that was copied are not needed any more: loading needs little memory beside
        // the weights.
        parameters.weight.releasePages()
        let (inputs, outputs) = (parameters.inputSize, parameters.outputSize)
        weight =
            switch parameters.layout {
            case .inputMajor: ConstantMatrix(rows: inputs, columns: outputs, elements)
            case .outputMajor: ConstantMatrix(rows: inputs, columns: outputs) { $0.copyTransposed(elements) }
            }
        bias = ConstantVector(try parameters.bias.floats())
    }
}

/// A convolution's weight, `[output channels, group's input channels, kernel]`, as one matrix a group,
/// `[kernel · group's input channels, group's output channels]`: the factor of a matrix of windows in time-major order.
private func windowWeights(_ weight: Tensor, groups: Int) throws -> [ConstantMatrix] {
    let elements = try weight.floats()
    let (outputs, inputs, kernel) = (weight.shape[0] / groups, weight.shape[1], weight.shape[2])
    return (0..<groups).map { group in
        var windows = [Float](repeating: 0, count: kernel * inputs * outputs)
        var source = group * outputs * inputs * kernel
        for output in 0..<outputs {
            for input in 0..<inputs {
                for tap in 0..<kernel {
                    windows[(tap * inputs + input) * outputs + output] = elements[source]
                    source += 1
                }
            }
        }
        return ConstantMatrix(rows: kernel * inputs, columns: outputs, windows)
    }
}

/// Maps elements on the threads of `team`.
private func parallelMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ team: ThreadTeam, _ transform: @Sendable (Element) throws -> Result
) throws -> [Result] {
    var results = [Swift.Result<Result, any Error>?](repeating: nil, count: elements.count)
    results.withUnsafeMutableBufferPointer { slots in
        team.forEach(elements.count) { index, _ in
            slots[index] = Swift.Result { try transform(elements[index]) }
        }
    }
    return try results.map { result in
        guard let result else { preconditionFailure("the team runs every task") }
        return try result.get()
    }
}
