import AudioInput
import Corpus
import Machine
import Synchronization
import W2V2Engine

/// Scores excerpts as they come in, several at once, in their order.
package struct ExcerptScorer: Sendable {
    private let model: EmotionModel
    private let parallelism: Parallelism
    private let outputs: [String]
    private let stages: [Stage]
    private let noticeShortage: @Sendable (ThreadShortage) -> Void
    private let available: @Sendable () -> Int?
    /// What the excerpts have to fit into, all that are in hand together.
    package let memory: ScoringMemory

    /// How many seconds of audio may wait or be worked on at once, beside one excerpt of any length.
    private static let secondsInFlight = 1000

    /// Rows have the values of the model's `outputs`, by name, and after them the means over time of `stages`.
    /// `noticeShortage` is called once a run if an excerpt is scored on fewer threads than were asked for; `available` gives
    /// the memory that is free, in bytes.
    package init(
        _ model: EmotionModel, _ parallelism: Parallelism, outputs: [String], stages: [Stage] = [],
        noticeShortage: @escaping @Sendable (ThreadShortage) -> Void = { _ in },
        available: @escaping @Sendable () -> Int? = { AvailableMemory.bytes }
    ) {
        self.model = model
        self.parallelism = parallelism
        self.outputs = outputs
        self.stages = stages
        self.noticeShortage = noticeShortage
        self.available = available
        memory = ScoringMemory(of: model, threads: parallelism.threads, available: available)
    }

    /// The same, one excerpt at a time, with the same numbers.
    package var alone: ExcerptScorer {
        ExcerptScorer(
            model, Parallelism(jobs: 1, threads: parallelism.threads, cores: parallelism.threads), outputs: outputs,
            stages: stages, noticeShortage: noticeShortage, available: available)
    }

    /// The most excerpts that can be in hand at once: waiting, being scored, or being decoded.
    package var mostInFlight: Int { 2 * parallelism.jobs + 3 }

    /// Scores until the excerpts are at an end, or `stop` is requested; then the work in progress is finished.
    ///
    /// `makeExcerpts` is called once, on a thread of its own, for an iterator that is used there: it gives each excerpt,
    /// or the failure in its place, with a tag for `take`. `take` gets the results in the excerpts' order, on the
    /// caller's thread; `whileWaiting` is called there several times a second while there is none.
    ///
    /// - Throws: what `take` or `whileWaiting` throws, which ends the run, or what the iterator throws, after the last result.
    package func run<Tag: Sendable>(
        stop: StopRequest,
        makeExcerpts: @escaping @Sendable () throws -> (() throws -> (Tag, Result<Excerpt, RowFailure>)?),
        take: (Tag, Result<Row, RowFailure>) throws -> Void,
        whileWaiting: () throws -> Void = {}
    ) throws {
        let pipeline = OrderedPipeline<(Tag, Result<Excerpt, RowFailure>), (Tag, Result<Row, RowFailure>)>(
            workers: parallelism.jobs, capacity: 2 * parallelism.jobs + 2,
            weightCapacity: Self.secondsInFlight * Signal.sampleRate,
            weight: { task in (try? task.1.get())?.samples.count ?? 0 })
        let workspaceLimit = workspaceLimit
        let said = Once()
        try pipeline.run(
            stop: stop,
            makeTasks: {
                let next = try makeExcerpts()
                return { try next().map { ($0.0, $0.1.flatMap(admitted)) } }
            },
            makeWorker: {
                // Calls that share a team of threads would wait for each other.
                let isShared = parallelism.jobs > 1 || parallelism.threads != model.wantedThreads
                let model = isShared ? model.with(threads: parallelism.threads) : model
                if isShared, let shortage = model.threadShortage, said.isFirst() {
                    noticeShortage(shortage)
                }
                let workspace = Workspace(for: model.architecture)
                return { task in
                    defer { workspace.release(above: workspaceLimit) }
                    return (task.0, task.1.flatMap { score($0, model, workspace) })
                }
            },
            consume: { try take($0.0, $0.1) }, whileWaiting: whileWaiting)
    }

    /// A window, with memory for it; whole recordings have theirs from before they were decoded.
    private func admitted(_ excerpt: Excerpt) -> Result<Excerpt, RowFailure> {
        guard excerpt.memory == nil else { return .success(excerpt) }
        var excerpt = excerpt
        let memory = memory.excerpt()
        do throws(AudioError.Reason) {
            try memory.reserve(samples: excerpt.samples.count, decoded: excerpt.samples.count)
        } catch {
            let segment = Segment(start: excerpt.start, end: excerpt.end)
            return .failure(RowFailure(file: excerpt.file, segment: segment, reason: error))
        }
        excerpt.memory = memory
        return .success(excerpt)
    }

    /// The most that a workspace may take while it waits for another excerpt, in bytes. Excerpts that need more take so
    /// long to score that new memory costs them nothing.
    private var workspaceLimit: Int {
        let most = 64 << 20
        return min(most, (available() ?? .max) / (8 * parallelism.jobs))
    }

    private func score(
        _ excerpt: Excerpt, _ model: EmotionModel, _ workspace: Workspace
    ) -> Result<Row, RowFailure> {
        defer { extendLifetime(excerpt) }
        do {
            var means: [Stage: [Float]] = [:]
            let prediction =
                stages.isEmpty
                ? try model.predict(excerpt.samples, workspace: workspace)
                : try model.states(excerpt.samples, StateSelection(stages: Set(stages)), workspace: workspace) {
                    if let stage = $0.stage { means[stage] = $0.meanOverTime }
                }
            let values = outputs.map { prediction[$0] ?? [] } + stages.map { means[$0] ?? [] }
            // The one place that every row comes through.
            if let column = values.firstIndex(where: { !$0.allSatisfy(\.isFinite) }) {
                let stage = column < outputs.count ? nil : stages[column - outputs.count]
                throw EngineError.nonFiniteOutput(stage?.name(in: model.architecture) ?? outputs[column])
            }
            let channel = excerpt.channel.map { [[Float($0)]] } ?? []
            return .success(
                Row(
                    file: excerpt.file, start: excerpt.start, end: excerpt.end, values: channel + values,
                    notices: excerpt.notices.map(\.description)))
        } catch {
            let segment = Segment(start: excerpt.start, end: excerpt.end)
            return .failure(RowFailure(file: excerpt.file, segment: segment, reason: error))
        }
    }
}

/// Something that is to be done once, whichever thread comes first.
private final class Once: Sendable {
    private let isDone = Atomic(false)

    func isFirst() -> Bool { !isDone.exchange(true, ordering: .relaxed) }
}

/// How many excerpts are scored at once, and on how many threads each.
package struct Parallelism: Sendable, Hashable {
    /// Excerpts at once.
    package let jobs: Int
    /// Threads for each.
    package let threads: Int

    /// What is not given is chosen so that all cores have work: one job for each core, because two threads on one excerpt
    /// wait for each other now and then, and two excerpts never do; but a single excerpt gets them all. `excerpts` is how
    /// many there are to score, if that is known.
    package init(jobs: Int? = nil, threads: Int? = nil, excerpts: Int? = nil, cores: Int) {
        let most = max(1, min(excerpts ?? .max, cores))
        self.jobs = max(1, jobs ?? min(most, cores / (threads ?? 1)))
        self.threads = threads ?? max(1, cores / self.jobs)
    }
}
