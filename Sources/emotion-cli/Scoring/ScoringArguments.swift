import ArgumentParser
import Kernels
import Scoring
import W2V2Engine

/// Which model scores, and on how many threads.
struct ScoringArguments: ParsableArguments {
    @OptionGroup var choice: ModelChoice

    @Option(
        name: .shortAndLong,
        help: "Threads for each recording. Default: enough to keep every core busy.")
    var threads: Int?

    @Option(
        name: .shortAndLong,
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
