/// ONNX Runtime's normalizations of a sum.
extension Operators {
    static let fusedNormalizations = [
        Operator(runtime: "SkipLayerNormalization", inputs: 3...5, outputs: 1...4, attributes: ["epsilon"]) {
            try skipNormalization($0, centring: true, normBias: $0.optionalInput(3) == nil ? nil : 3, bias: 4)
        },
        Operator(runtime: "SkipSimplifiedLayerNormalization", inputs: 3...4, outputs: 1...4, attributes: ["epsilon"]) {
            try skipNormalization($0, centring: false, normBias: nil, bias: 3)
        },
    ]

    /// A normalization over the last axis of the sum of the first two inputs and a bias, if it is given, with the third as
    /// scale. The optional outputs are the means, the inverse deviations and the sum.
    ///
    /// The second input may lack the first axis or have it as size 1. `normBias` and `bias` are inputs.
    private static func skipNormalization(
        _ call: Call, centring: Bool, normBias: Int?, bias: Int
    ) throws -> [InterpreterTensor] {
        let shape = try call.input(0).shape
        try require(!shape.isEmpty, .wrongShape(input: 0, found: shape, expected: "at least one axis"))
        var sum = zip(try call.reals(0), try affineParameter(1, of: call, normalizing: shape)).map { $0 + $1 }
        if call.optionalInput(bias) != nil {
            sum = zip(sum, try affineParameter(bias, of: call, normalizing: shape)).map { $0 + $1 }
        }
        let results = try normalized(
            sum, of: shape, from: shape.count - 1, centring: centring, scale: 2, bias: normBias,
            standardEpsilon: 1e-12, call)
        return results + [try InterpreterTensor(shape: shape, real: sum)]
    }
}
