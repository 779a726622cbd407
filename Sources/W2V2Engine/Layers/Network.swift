import Kernels

/// The network with its weights: the forward pass, top to bottom.
struct Network: Sendable {
    let inputNormalization: InputNormalization?
    let featureExtractor: FeatureExtractor
    let featureProjection: FeatureProjection
    let positionalConvolution: PositionalConvolution
    let encoder: [EncoderLayer]
    let finalNorm: LayerNorm
    let heads: [Head]

    /// The pooled state, `[hidden]`, and each head's outputs for `signal`, `[samples]`.
    func forward(
        _ signal: [Float], workspace: Workspace, _ compute: Compute, observe: StageObserver? = nil
    ) -> (pooled: [Float], heads: [[Float]]) {
        let signal = prepared(signal, compute, observe)

        let features = workspace.features  // [frames, channels]
        featureExtractor(signal, into: features, workspace: workspace, compute, observe: observe?.ofFeatureExtractor)
        compute.finished(with: featureExtractor.layers.map(\.weight))

        let hidden = workspace.hidden  // [frames, hidden]
        featureProjection(features, into: hidden, compute, observe: observe)

        positionalConvolution(hidden, workspace: workspace, compute)
        compute.finished(with: positionalConvolution.weights)
        observe?(.positionalEmbedding, Matrix(hidden))

        for (index, layer) in encoder.enumerated() {
            layer(hidden, workspace: workspace, compute.in(layer: index))
            compute.finished(with: layer.weights)
            observe?(.encoderLayer(index), Matrix(hidden))
            observe?.lookAtAttention(layer.attention, layer: index, workspace: workspace, compute)
        }

        finalNorm(hidden, into: hidden, compute, as: .finalNorm)
        observe?(.finalNorm, Matrix(hidden))

        let pooled = compute.timeAlone(.pooling) { Matrix(hidden).meanOfRows() }
        let outputs = heads.enumerated().map { index, head in
            compute.in(layer: index).timeAlone(.head) { head(pooled) }
        }
        return (pooled.map { Float($0) }, outputs)
    }

    /// The signal as the first convolution reads it, `[samples, 1]`.
    private func prepared(_ signal: [Float], _ compute: Compute, _ observe: StageObserver?) -> Matrix {
        let normalized =
            inputNormalization.map { norm in compute.timeAlone(.inputNormalization) { norm(signal) } } ?? signal
        let matrix = MutableMatrix(FloatBuffer(count: normalized.count), rows: normalized.count, columns: 1)
        matrix.copy(normalized)
        if inputNormalization != nil { observe?(.inputNormalization, Matrix(matrix)) }
        return Matrix(matrix)
    }
}
