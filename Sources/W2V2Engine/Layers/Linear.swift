import Kernels

/// A fully connected layer: y = x · W + b.
struct Linear: Sendable {
    let weight: ConstantPanels  // [input, output]
    let bias: ConstantVector  // [output]

    /// y = x · W + b, or GELU of it; x is `[frames, input]`, y `[frames, output]`.
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, gelu: Bool = false, _ compute: Compute) {
        compute.kernels.multiply(x, weight.panels, into: y, Epilogue(bias: bias, gelu: gelu), team: compute.team)
    }

    /// residual += x · W + b; residual is `[frames, output]`.
    func add(_ x: Matrix, to residual: MutableMatrix, _ compute: Compute) {
        compute.kernels.multiply(
            x, weight.panels, into: residual, Epilogue(bias: bias, adding: Matrix(residual)), team: compute.team)
    }
}

extension LayerNorm {
    /// Normalises the rows of `source` into `destination`, shared by the threads of `compute`.
    func callAsFunction(_ source: MutableMatrix, into destination: MutableMatrix, _ compute: Compute) {
        compute.team.split(source.rows) { rows, _ in
            compute.kernels.normalize(Matrix(source[rows: rows]), into: destination[rows: rows], self)
        }
    }
}
