import Kernels

/// A fully connected layer: y = x · W + b.
struct Linear: Sendable {
    let weight: ConstantMatrix  // [input, output]
    let bias: ConstantVector  // [output]

    /// y = x · W + b; x is `[frames, input]`, y `[frames, output]`.
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, _ compute: Compute) {
        compute.product.multiply(x, weight.matrix, into: y, team: compute.team)
        compute.team.split(y.rows) { rows, _ in y[rows: rows].addBias(bias) }
    }

    /// y = GELU(x · W + b)
    func withGELU(_ x: Matrix, into y: MutableMatrix, _ compute: Compute) {
        compute.product.multiply(x, weight.matrix, into: y, team: compute.team)
        compute.team.split(y.rows) { rows, _ in y[rows: rows].addBiasAndApplyGELU(bias) }
    }

    /// residual += x · W + b; `product`, of the residual's size, is overwritten.
    func add(_ x: Matrix, to residual: MutableMatrix, product: MutableMatrix, _ compute: Compute) {
        compute.product.multiply(x, weight.matrix, into: product, team: compute.team)
        compute.team.split(residual.rows) { rows, _ in
            residual[rows: rows].add(Matrix(product[rows: rows]), bias: bias)
        }
    }
}

extension LayerNorm {
    /// Normalises the rows of `source` into `destination`, shared by the threads of `compute`.
    func callAsFunction(_ source: MutableMatrix, into destination: MutableMatrix, _ compute: Compute) {
        compute.team.split(source.rows) { rows, _ in
            apply(Matrix(source[rows: rows]), into: destination[rows: rows])
        }
    }
}
