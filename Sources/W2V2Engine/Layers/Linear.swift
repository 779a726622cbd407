import Kernels

/// A fully connected layer: y = x · W + b.
struct Linear: Sendable {
    let weight: ConstantPanels  // [input, output]
    let bias: ConstantVector  // [output]

    /// y = x · W + b, or GELU of it; x is `[frames, input]`, y `[frames, output]`.
    func callAsFunction(
        _ x: Matrix, into y: MutableMatrix, gelu: Bool = false, _ compute: Compute, as region: ParallelRegion
    ) {
        multiply(x, into: y, Epilogue(bias: bias, gelu: gelu), compute, region)
    }

    /// residual += x · W + b; residual is `[frames, output]`.
    func add(_ x: Matrix, to residual: MutableMatrix, _ compute: Compute, as region: ParallelRegion) {
        multiply(x, into: residual, Epilogue(bias: bias, adding: Matrix(residual)), compute, region)
    }

    private func multiply(
        _ x: Matrix, into y: MutableMatrix, _ epilogue: Epilogue, _ compute: Compute, _ region: ParallelRegion
    ) {
        compute.region(region) {
            compute.kernels.multiply(
                x, weight.panels, into: y, epilogue, team: compute.team,
                observe: compute.observer(of: region, columns: y.columns))
        }
    }
}

extension LayerNorm {
    /// Normalises the rows of `source` into `destination`, shared by the threads of `compute`.
    func callAsFunction(
        _ source: MutableMatrix, into destination: MutableMatrix, _ compute: Compute, as operation: NetworkOperation
    ) {
        compute.region(.only(operation)) {
            compute.team.split(source.rows) { rows, worker in
                compute.on(worker).time(operation) {
                    compute.kernels.normalize(Matrix(source[rows: rows]), into: destination[rows: rows], self)
                }
            }
        }
    }
}
