import Kernels

/// From feature channels to the encoder's width: LayerNorm, then Linear.
struct FeatureProjection: Sendable {
    let norm: LayerNorm
    let projection: Linear

    /// Normalises `features`, `[frames, channels]`, in place and projects them into `hidden`, `[frames, hidden]`.
    func callAsFunction(
        _ features: MutableMatrix, into hidden: MutableMatrix, _ compute: Compute, observe: StageObserver?
    ) {
        norm(features, into: features, compute, as: .projectionNorm)
        observe?(.extractedFeatures, Matrix(features))
        projection(Matrix(features), into: hidden, compute, as: .only(.projection))
        observe?(.featureProjection, Matrix(hidden))
    }
}
