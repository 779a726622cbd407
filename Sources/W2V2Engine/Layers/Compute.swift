import Kernels

/// What layers compute with: the matrix product and the threads of one call.
struct Compute {
    let product: MatrixProduct
    let team: ThreadTeam
}

/// A place to look at the state after a stage: rows are frames, or there is one row where there is no time axis.
typealias StageObserver = (Stage, Matrix) -> Void
