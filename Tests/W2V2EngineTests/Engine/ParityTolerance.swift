import W2V2Engine

/// How far the engine may be from float64, as the largest absolute difference over all signals of a golden.
///
/// The measure is ONNX Runtime 1.31's own largest difference on the same file and signals, in float32 as well. The
/// largest of a few hundred rounding errors is a matter of luck: ONNX Runtime's own varies by a factor of up to 1.9
/// between its graph as written and as optimised. So twice its figure is allowed.
struct ParityTolerance {
    let hiddenStates: Double
    let logits: Double

    /// How much such a figure varies with the order of the sums.
    static let luck = 2.0

    static let onnxRuntime: [String: ParityTolerance] = [
        "torch1.10-opset11": ParityTolerance(hiddenStates: 2.762e-6, logits: 8.446e-7),
        "torch1.10-opset11-unfolded": ParityTolerance(hiddenStates: 2.762e-6, logits: 8.446e-7),
        "torch1.10-opset11-spiky": ParityTolerance(hiddenStates: 3.329e-5, logits: 2.705e-6),
        "torch1.10-opset12-agegender": ParityTolerance(hiddenStates: 1.322e-6, logits: 2.642e-7),
        "torch1.10-opset13-inputnorm": ParityTolerance(hiddenStates: 1.990e-6, logits: 4.899e-7),
        "torch2.13-opset14-dynamicbatch": ParityTolerance(hiddenStates: 2.366e-6, logits: 4.940e-7),
        "torch2.13-opset17": ParityTolerance(hiddenStates: 4.356e-6, logits: 1.246e-6),
        "torch2.13-opset18-dynamo": ParityTolerance(hiddenStates: 2.654e-6, logits: 5.419e-7),
    ]

    func bound(for output: String) -> Double {
        Self.luck * (output == "hidden_states" ? hiddenStates : logits)
    }
}
