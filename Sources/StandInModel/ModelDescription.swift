extension StandIn {
    /// The text of `model.yaml`: what audonnx's `Model.to_yaml` writes for the published model.
    ///
    /// The version is that of the audonnx release that wrote the published file. Only the three published scores have
    /// names; any other number of outputs has none, which audonnx writes as `null`.
    public var modelDescription: String {
        let names = sizes.outputs == Self.scoreNames.count ? Self.scoreNames : []
        let labels =
            names.isEmpty ? " null\n" : "\n    logits:\n" + names.map { "    - \($0)\n" }.joined()
        return """
            $audonnx.core.model.Model==0.3.2:
              path: model.onnx
              labels:\(labels)\
              transform: null

            """
    }

    private static let scoreNames = ["arousal", "dominance", "valence"]
}
