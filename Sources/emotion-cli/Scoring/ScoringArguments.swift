import ArgumentParser
import Kernels
import Scoring
import W2V2Engine

/// Which model scores, and on how many threads.
struct ScoringArguments: ParsableArguments {
    @OptionGroup var choice: ModelChoice

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: "Threads for each recording. Default: enough to keep every core busy.")
    var threads: Int?

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: "Recordings, or windows, to score at once. Default: one for each physical core.")
    var jobs: Int?

    func validate() throws {
        for (name, count) in [("--threads", threads), ("--jobs", jobs)] {
            if let count, !ModelOptions.allowedThreads.contains(count) {
                throw ValidationError("\(name) \(count): a number from 1 to 1024 is needed")
            }
        }
    }

    /// `excerpts` is how many there are to score, if that is known.
    func parallelism(excerpts: Int? = nil) -> Parallelism {
        Parallelism(jobs: jobs, threads: threads, excerpts: excerpts, cores: Processor.physicalCores)
    }

    /// Loads the model; all cores may work on that.
    func load(_ parallelism: Parallelism, calls: Int? = nil) throws -> EmotionModel {
        let threads = parallelism.jobs == 1 ? parallelism.threads : Processor.physicalCores
        return try choice.load(threads: threads, calls: calls)
    }
}

/// Which stretches of a recording are scored.
struct WindowArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Score windows of this many seconds instead of whole recordings.", valueName: "seconds"))
    var window: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds from one window's start to the next one's. Default: half a window.", valueName: "seconds"))
    var hop: Double?

    @Flag(help: "Pad the last window with zeros if the recording doesn't fill it, instead of dropping it.")
    var padLast = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Pad shorter recordings with zeros to this many seconds.", valueName: "seconds"))
    var minDuration: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Cut longer recordings to this many seconds.", valueName: "seconds"))
    var maxDuration: Double?

    func validate() throws {
        if window == nil, hop != nil || padLast {
            throw ValidationError("\(hop == nil ? "--pad-last" : "--hop") needs --window SECONDS")
        }
    }

    var windowing: Windowing {
        Windowing(
            windows: window.map { Windowing.Windows(duration: $0, hop: hop, padsLast: padLast) },
            minimumDuration: minDuration, maximumDuration: maxDuration)
    }
}
