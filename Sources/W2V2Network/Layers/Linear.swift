import Kernels

/// A fully connected layer, or several with the same input side by side: y = x · W + b.
struct Linear: Sendable {
    let weight: ConstantPanels  // [input, output]
    let bias: ConstantVector  // [output]

    init(_ weights: Weights, input: Int, output: Int) throws {
        weight = try weights.panels(input: input, output: output)
        bias = try weights.bias(count: output)
    }

    /// The layers `names` side by side, each with `output` outputs.
    init(_ weights: Weights, sideBySide names: [String], input: Int, output: Int) throws {
        weight = try weights.panels(names, input: input, output: output)
        bias = try weights.bias(names, count: output)
    }

    /// y = x · W + b, or GELU of it; x is `[frames, input]`, y `[frames, output]`.
    func callAsFunction(
        _ x: Matrix, into y: MutableMatrix, gelu: Bool = false, _ compute: Compute, as region: ParallelRegion
    ) {
        compute.multiplyTogether(x, weight.panels, into: y, Epilogue(bias: bias, gelu: gelu), as: region)
    }

    /// residual += x · W + b; residual is `[frames, output]`.
    func callAsFunction(
        _ x: Matrix, addingTo residual: MutableMatrix, _ compute: Compute, as region: ParallelRegion
    ) {
        compute.multiplyTogether(
            x, weight.panels, into: residual, Epilogue(bias: bias, adding: Matrix(residual)), as: region)
    }
}

extension LayerNorm {
    init(_ weights: Weights, count: Int, epsilon: Double) throws {
        self.init(weight: try weights.scale(count: count), bias: try weights.bias(count: count), epsilon: epsilon)
    }
}
