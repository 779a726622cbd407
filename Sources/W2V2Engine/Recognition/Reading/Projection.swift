import ONNXLoader

/// From features to the encoder's input.
extension ArchitectureReader {
    /// Takes LayerNorm over the features and their projection to the encoder's width: from `[1, channels, frames]` to
    /// `output` `[1, frames, hidden]`.
    mutating func featureProjection(
        _ features: String, channels: Int
    ) throws -> (norm: NormParameters, projection: LinearParameters, output: String) {
        let module = "feature_projection"
        let frames = try timeMajor(features, in: module)
        let (norm, normalized) = try layerNorm(frames, size: channels, in: "\(module).layer_norm")
        stageValues[.extractedFeatures] = StageValue(name: normalized, layout: .timeMajor)
        let (projection, output) = try linear(normalized, inputSize: channels, in: "\(module).projection")
        stageValues[.featureProjection] = StageValue(name: output, layout: .timeMajor)
        return (norm, projection, output)
    }
}
