import Benchmark
import Kernels

/// The network and its parts, on one thread and on one for each core.
let benchmarks: @Sendable () -> Void = {
    for threads in Set([1, Processor.physicalCores]).sorted() {
        for seconds in [1, 5, 20] {
            parts(seconds: seconds, threads: threads)
            inference(seconds: seconds, threads: threads)
        }
    }
    loading(threads: Processor.physicalCores)
}
