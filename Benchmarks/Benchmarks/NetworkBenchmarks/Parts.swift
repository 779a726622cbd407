import Benchmark
import Measurement
@_spi(Benchmarks) import W2V2Engine

/// The parts of the network one by one, an encoder layer's for its first layer.
func parts(seconds: Int, threads: Int) {
    for part in NetworkPart.allCases {
        Benchmark.time("part: \(part.rawValue), \(seconds) s on \(threads)") {
            let run = try NetworkPartRun(
                part, of: try BenchmarkedModel.load(threads: threads), on: BenchmarkedModel.signal(seconds: seconds))
            return Work(operations: run.floatingPointOperations, prepare: run.prepare, run: run.callAsFunction)
        }
    }
}
