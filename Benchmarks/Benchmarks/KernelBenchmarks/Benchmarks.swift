import Benchmark

/// The kernels on one thread, at the sizes that the published network gives them.
let benchmarks: @Sendable () -> Void = {
    for frames in [49, 249, 999] {
        products(frames: frames)
        rowKernels(frames: frames)
        packing(frames: frames)
    }
}
