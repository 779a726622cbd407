import ArgumentParser
import Foundation
import W2V2Engine

/// Times the model on noise.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Time the model on noise.")

    @OptionGroup var options: ModelOptions

    @Option(help: "Seconds of audio.")
    var seconds: Double = 5

    @Option(help: "Runs to take the median of, after one to warm up.")
    var runs: Int = 5

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (0.025...3600).contains(seconds) else {
            throw ValidationError("--seconds \(seconds): from 0.025 to 3600 is needed")
        }
        guard (1...1000).contains(runs) else { throw ValidationError("--runs \(runs): from 1 to 1000 is needed") }
    }

    func run() throws {
        let model = try options.load()
        var noise = SystemRandomNumberGenerator()
        let signal = (0..<Int(seconds * 16_000)).map { _ in Float.random(in: -1...1, using: &noise) }
        let workspace = Workspace(for: model.architecture)
        let clock = ContinuousClock()
        _ = try model.predict(signal, workspace: workspace)
        let times = try (0..<runs).map { _ in
            try clock.measure { _ = try model.predict(signal, workspace: workspace) }
                / .milliseconds(1)
        }
        .sorted()
        let report = Report(
            seconds: seconds, threads: options.threads, backend: model.backend, runs: runs,
            median: times[times.count / 2], minimum: times[0],
            gflops: Double(model.architecture.floatingPointOperations(samples: signal.count)) / times[times.count / 2]
                / 1e6)
        try TextOutput(nil).write(json ? try report.json() : report.text())
    }

    private struct Report: Encodable {
        let seconds: Double
        let threads: Int
        let backend: String
        let runs: Int
        /// Milliseconds.
        let median: Double
        let minimum: Double
        let gflops: Double

        enum CodingKeys: String, CodingKey {
            case seconds, threads, backend, runs, gflops
            case median = "median_ms"
            case minimum = "minimum_ms"
        }

        func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }

        func text() -> String {
            let duration = String(format: "%.3g s of audio on %d threads: ", seconds, threads)
            let times = String(format: "median %.1f ms, minimum %.1f ms; ", median, minimum)
            let speed = String(format: "%.0f × real time, %.0f GFLOP/s\n", seconds * 1000 / median, gflops)
            return duration + times + speed
        }
    }
}
