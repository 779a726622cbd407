import Kernels

/// From feature channels to the encoder's width: LayerNorm, then Linear.
struct FeatureProjection: Sendable {
    let norm: LayerNorm
    let projection: Linear

    init(_ weights: Weights, _ architecture: Architecture) throws {
        let channels = architecture.featureChannels
        norm = try LayerNorm(weights["layer_norm"], count: channels, epsilon: architecture.layerNormEpsilon)
        projection = try Linear(weights["projection"], input: channels, output: architecture.hiddenSize)
    }

    /// Normalises `features`, `[frames, channels]`, in place and projects them into `hidden`, `[frames, hidden]`.
    func callAsFunction(
        _ features: MutableMatrix, into hidden: MutableMatrix, _ compute: Compute, observe: StageObserver?
    ) {
        compute.normalize(features, into: features, norm, as: .projectionNorm)
        observe?(.extractedFeatures, Matrix(features))
        projection(Matrix(features), into: hidden, compute, as: .only(.projection))
        observe?(.featureProjection, Matrix(hidden))
    }
}
