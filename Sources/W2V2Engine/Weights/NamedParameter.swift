import ONNXLoader

/// One of the network's parameters, by its name in the architecture, in the layout that PyTorch keeps it in.
public struct NamedParameter: Sendable {
    /// What transformers calls it in its Wav2Vec2Model, such as `encoder.layers.0.attention.q_proj.weight`. What belongs
    /// to a head on the pooled state begins with `heads.0` and so on, in the order of the graph's outputs.
    public let name: String
    /// `[output, input]` for a fully connected layer's weight, `[output channels, input channels of a group, kernel]` for
    /// a convolution's, `[size]` for the others.
    public let shape: [Int]
    /// Where its elements are: in the file, or as constant folding left them.
    package let tensor: Tensor
    /// Whether `tensor` is `[input, output]`.
    public let isTransposed: Bool

    fileprivate init(_ name: String, _ tensor: Tensor, isTransposed: Bool = false) {
        self.name = name
        self.tensor = tensor
        self.isTransposed = isTransposed
        shape = isTransposed ? tensor.shape.reversed() : tensor.shape
    }

    /// The elements in the order of ``shape``.
    public func floats() throws -> [Float] {
        let elements = try tensor.floats()
        return isTransposed ? elements.transposed(rows: tensor.shape[0], columns: tensor.shape[1]) : elements
    }
}

extension RecognizedModel {
    /// Every parameter of the network, in forward order. The positional convolution's weight has its weight norm folded
    /// in.
    public var namedParameters: [NamedParameter] {
        var named: [NamedParameter] = []
        for (index, layer) in parameters.featureExtractor.enumerated() {
            let name = WeightName.featureExtractor(index)
            named += .convolution("\(name).conv", layer.convolution) + .norm("\(name).layer_norm", layer.norm)
        }
        named += .norm(WeightName.projectionNorm, parameters.projectionNorm)
        named += .linear(WeightName.projection, parameters.projection)
        named += .convolution(WeightName.positional, parameters.positionalConvolution)
        for (index, layer) in parameters.encoder.enumerated() {
            let name = WeightName.encoder(index)
            named += .norm(name.attentionNorm, layer.attentionNorm)
            named += .linear("\(name.path).attention.q_proj", layer.query)
            named += .linear("\(name.path).attention.k_proj", layer.key)
            named += .linear("\(name.path).attention.v_proj", layer.value)
            named += .linear(name.attentionOutput, layer.attentionOutput)
            named += .norm(name.feedForwardNorm, layer.feedForwardNorm)
            named += .linear(name.intermediate, layer.intermediate)
            named += .linear(name.feedForwardOutput, layer.feedForwardOutput)
        }
        named += .norm(WeightName.finalNorm, parameters.finalNorm)
        for (index, head) in parameters.heads.enumerated() {
            let name = WeightName.head(index)
            named += .linear(name.dense, head.dense) + .linear(name.projection, head.projection)
        }
        return named
    }
}

extension [NamedParameter] {
    fileprivate static func norm(_ name: String, _ norm: NormParameters) -> Self {
        [NamedParameter("\(name).weight", norm.weight), NamedParameter("\(name).bias", norm.bias)]
    }

    fileprivate static func convolution(_ name: String, _ convolution: ConvolutionParameters) -> Self {
        [NamedParameter("\(name).weight", convolution.weight), NamedParameter("\(name).bias", convolution.bias)]
    }

    fileprivate static func linear(_ name: String, _ linear: LinearParameters) -> Self {
        [
            NamedParameter("\(name).weight", linear.weight, isTransposed: linear.layout == .inputMajor),
            NamedParameter("\(name).bias", linear.bias),
        ]
    }
}

extension [Float] {
    /// A row-major matrix with its axes exchanged, a square at a time, so that both sides stay in the cache.
    fileprivate func transposed(rows: Int, columns: Int) -> [Float] {
        let side = 32
        var result = [Float](repeating: 0, count: count)
        for firstRow in stride(from: 0, to: rows, by: side) {
            for firstColumn in stride(from: 0, to: columns, by: side) {
                for row in firstRow..<Swift.min(firstRow + side, rows) {
                    for column in firstColumn..<Swift.min(firstColumn + side, columns) {
                        result[column * rows + row] = self[row * columns + column]
                    }
                }
            }
        }
        return result
    }
}
