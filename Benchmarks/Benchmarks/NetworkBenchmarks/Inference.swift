import Benchmark
import Measurement
import W2V2Engine

/// A signal scored by a model that is loaded and warm.
func inference(seconds: Int, threads: Int) {
    Benchmark.time(
        "inference: \(seconds) s on \(threads)", metrics: [.wallClock, .cpuTotal, .peakMemoryResident],
        duration: .seconds(5)
    ) {
        let model = try BenchmarkedModel.load(threads: threads)
        let signal = BenchmarkedModel.signal(seconds: seconds)
        let workspace = Workspace(for: model.architecture)
        return Work(operations: model.architecture.floatingPointOperations(samples: signal.count)) {
            _ = try model.predict(signal, workspace: workspace)
        }
    }
}

/// From the file to a model that is ready; the file's pages are in memory.
func loading(threads: Int) {
    Benchmark.time("load: on \(threads)", metrics: [.wallClock, .cpuTotal], duration: .seconds(5)) {
        let path = try BenchmarkedModel.path()
        return Work { blackHole(try EmotionModel(contentsOf: path, options: EngineOptions(threads: threads))) }
    }
}
