import Benchmark

/// Something to time, again and again.
public struct Work {
    /// Floating-point operations of one run; nil where memory counts, not arithmetic.
    public let operations: Int?
    /// Puts things in place for a run; not timed.
    public let prepare: () throws -> Void
    /// What is timed.
    public let run: () throws -> Void

    /// Work that takes `operations` floating-point operations a run.
    public init(operations: Int? = nil, prepare: @escaping () throws -> Void = {}, run: @escaping () throws -> Void) {
        self.operations = operations
        self.prepare = prepare
        self.run = run
    }
}

extension Benchmark {
    /// Times what `work` makes: the time by the clock, and GFLOP/s where its operations are known.
    ///
    /// Nothing is made before the benchmark runs, because each of them runs in a process of its own and all of them are
    /// listed in every one.
    public static func time(
        _ name: String, metrics: [BenchmarkMetric] = [.wallClock], duration: Duration = .seconds(1),
        _ work: @escaping () throws -> Work
    ) {
        let configuration = Configuration(
            metrics: metrics + [.gigaflops], warmupIterations: 2, scalingFactor: .one, maxDuration: duration,
            maxIterations: 1000)
        Benchmark(name, configuration: configuration) { (benchmark: Benchmark, work: Work) throws in
            try work.prepare()
            benchmark.startMeasurement()
            let time = try ContinuousClock().measure(work.run)
            benchmark.stopMeasurement()
            if let operations = work.operations {
                benchmark.measurement(.gigaflops, Int((Double(operations) / (time / .nanoseconds(1))).rounded()))
            }
        } setup: {
            try work()
        }
    }
}

extension BenchmarkMetric {
    /// 10⁹ floating-point operations a second.
    public static var gigaflops: BenchmarkMetric {
        .custom("GFLOP/s", polarity: .prefersLarger, useScalingFactor: false)
    }
}
