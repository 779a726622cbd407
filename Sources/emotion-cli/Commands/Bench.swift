import ArgumentParser
import Foundation
import Kernels
import Scoring
import W2V2Engine

/// Times the model on noise.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the model on noise, for each length of audio and each number of threads.",
        discussion: """
            The model is loaded once. Each cell of the table is warmed up by a run that isn't counted. GFLOP/s are the \
            multiplications and additions of the matrix products in the median run, whole numbers counted like floats. \
            The peak is the speed of the same number of threads on registers alone, with the same instructions on as \
            many numbers of each kind, measured right before and after a cell's runs. Peak memory is the most that the process has had resident so far, in 10^6 bytes. The noise is the \
            same in every run.
            """)

    @OptionGroup var choice: ModelChoice

    @Option(
        help: ArgumentHelp("Seconds of audio, separated by commas. Default: 1,5,20.", valueName: "list"),
        transform: { try NumberList($0, within: 0.025...3600) })
    var seconds = NumberList<Double>([1, 5, 20])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Numbers of threads, separated by commas. Default: 1, and one per physical core.", valueName: "list"),
        transform: { try NumberList($0, within: ModelOptions.allowedThreads) })
    var threads = NumberList<Int>(Set([1, Processor.physicalCores]).sorted())

    @Option(
        parsing: .unconditional,
        help: "Runs to time per cell. Default: as many as fit into a few seconds, from 3 to 40.")
    var runs: Int?

    @Flag(help: "Print one JSON object per cell, each on a line of its own.")
    var json = false

    /// How long a cell's runs should take together.
    private static let timeForRuns = Duration.seconds(4)

    func validate() throws {
        if let runs, !(1...1000).contains(runs) {
            throw ValidationError("--runs \(runs): from 1 to 1000 is needed")
        }
    }

    func run() throws {
        let path = try choice.path()
        let output = try TextOutput(nil)

        let clock = ContinuousClock()
        let start = clock.now
        let model = try choice.load(threads: threads.numbers.max() ?? 1)
        let load = clock.now - start
        let kernels = try KernelSet(instructions: choice.instructions, products: choice.gemm)
        let precisions = try ProductPrecisions(model.architecture, model.precision)
        let noise = try Noise(
            seconds: seconds.numbers.max() ?? 0, scoredIn: ScoringMemory(of: model, threads: model.threads))
        if !json { try output.write(try heading(path, model)) }

        var firstAnswer: Duration?
        var last: BenchmarkCell?
        for seconds in seconds.numbers {
            let signal = noise.signal(seconds: seconds)
            for threads in threads.numbers {
                let isLoaded = threads == model.wantedThreads
                let model = isLoaded ? model : model.with(threads: threads)
                if !isLoaded { ModelOptions.noticeShortage(of: model) }
                let workspace = Workspace(for: model.architecture)
                _ = try model.predict(signal, workspace: workspace)
                let answered = firstAnswer ?? clock.now - start
                firstAnswer = answered

                let operations = precisions.floatingPointOperations(
                    model.architecture.operations(samples: signal.count))
                let peak = try MultiplyAddPeak(
                    of: kernels, threads: threads, formats: Set(operations.keys.map(\.format)))
                let peaksBefore = peak.measureAll()
                let times = try RunTimes(runs.map { .exactly($0) } ?? .within(Self.timeForRuns)) {
                    _ = try model.predict(signal, workspace: workspace)
                }
                let cell = BenchmarkCell(
                    seconds: seconds, threads: threads, backend: model.backend, precision: model.precision, model: path,
                    times: times, operations: operations, peaks: bestPeaks(peaksBefore, peak.measureAll()), load: load,
                    firstAnswer: answered, peakMemory: ProcessMemory.peak)
                try output.write((json ? try cell.json() : BenchmarkTable.row(cell)) + "\n")
                last = cell
            }
        }
        if !json, let last { try output.write(closing(last)) }
    }

    /// What is measured, and the table's header.
    private func heading(_ path: String, _ model: EmotionModel) throws -> String {
        let cores = Processor.physicalCores
        let weights = Double(try model.architecture.weightBytes(model.precision)) / 1e6
        return """
            model    \(path), \(String(format: "%.1f", weights)) MB of weights
            backend  \(model.backend), \(model.precision)
            machine  \(Processor.name ?? "unknown processor"), \(cores) \(cores == 1 ? "core" : "cores")

            \(BenchmarkTable.header)

            """
    }

    private func closing(_ cell: BenchmarkCell) -> String {
        let format = "\nloaded in %.0f ms, first answer %.0f ms after the start of loading\n"
        return String(format: format, cell.load / .milliseconds(1), cell.firstAnswer / .milliseconds(1))
    }
}

/// Numbers in one argument, separated by commas; at least one.
struct NumberList<Number: Comparable & LosslessStringConvertible & Sendable>: Sendable {
    let numbers: [Number]

    init(_ numbers: [Number]) { self.numbers = numbers }

    /// - Throws: ``NumberListError`` if a part of `text` is not a number in `range`.
    init(_ text: String, within range: ClosedRange<Number>) throws(NumberListError) {
        var numbers: [Number] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Number(String(part)), range.contains(number) else {
                throw NumberListError(
                    part: String(part), lowest: range.lowerBound.description, highest: range.upperBound.description)
            }
            numbers.append(number)
        }
        self.numbers = numbers
    }
}

/// A list has a part that isn't one of the numbers that it may have.
struct NumberListError: Error, Hashable, CustomStringConvertible {
    let part: String
    let lowest: String
    let highest: String

    var description: String {
        "'\(part)' is not a number from \(lowest) to \(highest); a list is numbers separated by commas"
    }
}
