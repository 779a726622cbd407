import Kernels

/// What layers compute with: the kernels and the threads of one call.
struct Compute {
    let kernels: KernelSet
    let team: ThreadTeam
}

/// A place to look at the state after a stage: rows are frames, or there is one row where there is no time axis.
typealias StageObserver = (Stage, Matrix) -> Void
