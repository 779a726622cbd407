import Kernels

/// The network with its weights: the forward pass, top to bottom.
package struct Network: Sendable {
    let inputNormalization: InputNormalization?
    let featureExtractor: FeatureExtractor
    let featureProjection: FeatureProjection
    let positionalConvolution: PositionalConvolution
    let encoder: [EncoderLayer]
    let finalNorm: LayerNorm
    /// nil if the layers aren't mixed.
    let layerMix: LayerMix?
    let pooling: Architecture.Pooling
    let heads: [Head]

    /// Loads every weight from `source`, in forward order: the only place that names them, with the layers it calls.
    package init(_ architecture: Architecture, _ source: some WeightSource) throws {
        let weights = Weights(source)
        inputNormalization = architecture.inputNormalizationEpsilon.map { InputNormalization(epsilon: $0) }
        featureExtractor = try FeatureExtractor(weights["feature_extractor"], architecture)
        featureProjection = try FeatureProjection(weights["feature_projection"], architecture)
        positionalConvolution = try PositionalConvolution(weights["encoder.pos_conv_embed"], architecture)
        encoder = try (0..<architecture.encoderLayers).map {
            try EncoderLayer(weights["encoder.layers"][$0], architecture)
        }
        finalNorm = try LayerNorm(
            weights["encoder.layer_norm"], count: architecture.hiddenSize, epsilon: architecture.layerNormEpsilon)
        layerMix = architecture.pooling.mixesLayers ? try LayerMix(weights, architecture) : nil
        pooling = architecture.pooling
        heads = try architecture.heads.enumerated().map { index, head in
            try Head(weights["heads"][index], input: architecture.hiddenSize, head)
        }
    }

    /// How the weights in panels are stored.
    var panelFormats: Set<PanelFormat> {
        let weights =
            featureExtractor.layers.map(\.weight) + [featureProjection.projection.weight]
            + positionalConvolution.weights + encoder.flatMap(\.weights)
        return Set(weights.map(\.format))
    }

    /// The pooled state, `[hidden]`, and each head's outputs for `signal`, `[samples]`.
    func forward(
        _ signal: [Float], workspace: Workspace, _ compute: Compute, observe: StageObserver? = nil
    ) -> (pooled: [Float], heads: [[Float]]) {
        extractFeatures(signal, workspace: workspace, compute, observe: observe)
        return encode(workspace: workspace, compute, observe: observe)
    }

    /// The first part: fills the workspace's features, `[frames, channels]`, from `signal`, `[samples]`. A frame depends
    /// on the samples of its receptive field alone, unless the network normalises its input.
    func extractFeatures(
        _ signal: [Float], workspace: Workspace, _ compute: Compute, observe: StageObserver? = nil
    ) {
        let samples = workspace.samples(signal.count)  // [samples, 1]
        if let inputNormalization {
            samples.copy(compute.apply(inputNormalization.callAsFunction, to: signal, as: .inputNormalization))
            observe?(.inputNormalization, Matrix(samples))
        } else {
            samples.copy(signal)
        }
        featureExtractor(
            Matrix(samples), into: workspace.features, workspace: workspace, compute,
            observe: observe?.ofFeatureExtractor)
        compute.finished(with: featureExtractor.layers.map(\.weight))
    }

    /// The second part: from the workspace's features, `[frames, channels]`, which it overwrites, to the outputs. Every
    /// frame depends on all others.
    func encode(
        workspace: Workspace, _ compute: Compute, observe: StageObserver? = nil
    ) -> (pooled: [Float], heads: [[Float]]) {
        let hidden = workspace.hidden  // [frames, hidden]
        featureProjection(workspace.features, into: hidden, compute, observe: observe)

        positionalConvolution(addingTo: hidden, workspace: workspace, compute)
        compute.finished(with: positionalConvolution.weights)
        observe?(.positionalEmbedding, Matrix(hidden))
        let mix = layerMix?.start(workspace: workspace)
        mix?.add(hidden, at: .positionalEmbedding, compute)

        for (index, layer) in encoder.enumerated() {
            layer(hidden, workspace: workspace, compute.in(layer: index))
            compute.finished(with: layer.weights)
            observe?(.encoderLayer(index), Matrix(hidden))
            observe?.lookAtAttention(layer.attention, layer: index, workspace: workspace, compute)
            mix?.add(hidden, at: .encoderLayer(index), compute)
        }

        let lastLayer = pooling == .lastLayer ? mean(hidden, compute) : nil
        compute.normalize(hidden, into: hidden, finalNorm, as: .finalNorm)
        observe?(.finalNorm, Matrix(hidden))

        mix?.add(hidden, at: .finalNorm, compute)
        if let mix { observe?(.mixed, Matrix(mix.sum)) }

        let pooled = mean(mix?.sum ?? hidden, compute)
        let outputs = heads.enumerated().map { index, head in
            compute.in(layer: index).apply(head.callAsFunction, to: pooled, as: .head)
        }
        return ((lastLayer ?? pooled).map { Float($0) }, outputs)
    }

    /// The mean over time, `[hidden]`, of a state, `[frames, hidden]`.
    private func mean(_ state: MutableMatrix, _ compute: Compute) -> [Double] {
        compute.apply({ $0.meanOfRows() }, to: Matrix(state), as: .pooling)
    }
}
