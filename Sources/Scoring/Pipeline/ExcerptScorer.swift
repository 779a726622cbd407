import AudioInput
import Foundation
import W2V2Engine

/// Scores excerpts as they come in, several at once, in their order.
public struct ExcerptScorer: Sendable {
    private let model: EmotionModel
    private let parallelism: Parallelism
    private let stages: [Stage]

    /// How many seconds of audio may wait or be worked on at once, beside one excerpt of any length.
    private static let secondsInFlight = 1000

    /// `stages` are the states whose means over time are wanted beside the scores.
    public init(_ model: EmotionModel, _ parallelism: Parallelism, stages: [Stage] = []) {
        self.model = model
        self.parallelism = parallelism
        self.stages = stages
    }

    /// Scores until the excerpts are at an end, or `stop` is requested; then what is in hand is finished.
    ///
    /// `produce` makes the excerpts, or says why there is none, on a thread of its own; `offer` says false where no more
    /// are wanted. `take` takes the results in the excerpts' order, on the caller's thread.
    ///
    /// - Throws: what `take` throws, which ends the run, or what `produce` throws, after the last result.
    public func run<Tag: Sendable>(
        stop: StopRequest,
        produce: @escaping @Sendable (_ offer: (Tag, Result<Excerpt, ScoringFailure>) -> Bool) throws -> Void,
        take: (Tag, Result<ScoredExcerpt, ScoringFailure>) throws -> Void
    ) throws {
        let pipeline = OrderedPipeline<
            (Tag, Result<Excerpt, ScoringFailure>), (Tag, Result<ScoredExcerpt, ScoringFailure>)
        >(
            workers: parallelism.jobs, capacity: 2 * parallelism.jobs + 2,
            weightCapacity: Self.secondsInFlight * Signal.sampleRate)
        try pipeline.run(
            stop: stop,
            produce: { offer in
                try produce { tag, excerpt in
                    offer((tag, excerpt), (try? excerpt.get())?.samples.count ?? 0)
                }
            },
            makeWorker: { [model, parallelism, stages] in
                // Calls that share a team of threads would wait for each other.
                let model = parallelism.jobs == 1 ? model : model.with(threads: parallelism.threads)
                let workspace = Workspace(for: model.architecture)
                return { task in (task.0, task.1.flatMap { Self.score($0, model, stages, workspace) }) }
            },
            consume: { result in try take(result.0, result.1) })
    }

    private static func score(
        _ excerpt: Excerpt, _ model: EmotionModel, _ stages: [Stage], _ workspace: Workspace
    ) -> Result<ScoredExcerpt, ScoringFailure> {
        do {
            var means: [Stage: [Float]] = [:]
            let prediction =
                stages.isEmpty
                ? try model.predict(excerpt.samples, workspace: workspace)
                : try model.states(excerpt.samples, StateSelection(stages: Set(stages)), workspace: workspace) {
                    if let stage = $0.stage { means[stage] = $0.meanOverTime }
                }
            return .success(
                ScoredExcerpt(
                    start: excerpt.start, end: excerpt.end, prediction: prediction,
                    means: stages.map { means[$0] ?? [] }))
        } catch {
            return .failure(ScoringFailure(start: excerpt.start, end: excerpt.end, reason: String(describing: error)))
        }
    }
}

/// What a model says of an excerpt.
public struct ScoredExcerpt: Sendable, Equatable {
    /// Where it lies in its file, in seconds.
    public let start: Double
    public let end: Double
    public let prediction: Prediction
    /// The means over time of the states that were asked for, in that order.
    public let means: [[Float]]
}

/// Why there are no scores.
public struct ScoringFailure: Error, Sendable, Hashable {
    /// The stretch that was to be scored, in seconds, as far as it is known.
    public let start: Double?
    public let end: Double?
    /// What was wrong, and what would be right; without the name of the file.
    public let reason: String

    public init(start: Double? = nil, end: Double? = nil, reason: String) {
        self.start = start
        self.end = end
        self.reason = reason
    }

    /// A recording that can't be read or cut.
    public init(_ error: any Error, start: Double? = nil, end: Double? = nil) {
        let reason = (error as? AudioError).map { "\($0.reason)" } ?? String(describing: error)
        self.init(start: start, end: end, reason: reason)
    }
}
