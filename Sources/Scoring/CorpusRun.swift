import AudioInput
import Corpus

/// Scores a list of recordings, in its order: each excerpt gives a row or a failure, and each recording that can't be read
/// a failure.
package struct CorpusRun: Sendable {
    fileprivate let recordings: RecordingList
    fileprivate let windowing: Windowing
    fileprivate let channel: Int?
    fileprivate let minimumSamples: Int

    /// `channel` is the channel to take, counted from 0; nil averages them all. `minimumSamples` is how many samples the
    /// model needs.
    package init(_ recordings: RecordingList, windowing: Windowing, channel: Int?, minimumSamples: Int) {
        self.recordings = recordings
        self.windowing = windowing
        self.channel = channel
        self.minimumSamples = minimumSamples
    }

    /// Scores from a position on.
    ///
    /// Files are decoded ahead of the scoring. A recording that can't be read, or not to its end, gives a failure after
    /// the excerpts that came before it, and the run continues with the next.
    ///
    /// `take` gets each row or failure, the position after it, and how much of that position's recording is done, from 0
    /// to 1, as far as its file says. A run that ended there continues from that position.
    package func run(
        on scorer: ExcerptScorer, from start: RunPosition = RunPosition(), stop: StopRequest = StopRequest(),
        take: (_ result: Result<Row, RowFailure>, _ position: RunPosition, _ doneShare: Double) throws -> Void
    ) throws {
        var position = start
        // Where the last window of the recording in progress ends: windows overlap, and audio counts once.
        var lastEnd = -Double.infinity
        try scorer.run(
            stop: stop,
            makeExcerpts: {
                var excerpts = CorpusExcerpts(self, from: start)
                return { excerpts.next() }
            },
            take: { (place: CorpusExcerpts.Place, result) in
                position.recording = place.recording
                position.window = place.window
                switch result {
                case .success(let row):
                    position.rows += 1
                    position.audioSeconds += row.end - max(row.start, lastEnd)
                    lastEnd = place.window > 0 ? row.end : -.infinity
                case .failure:
                    position.failures += 1
                    lastEnd = -.infinity
                }
                try take(result, position, place.doneShare)
            })
    }
}

/// The excerpts of a list of recordings in its order, each with the place after it; a failure where a recording can't be
/// read further.
private struct CorpusExcerpts: IteratorProtocol {
    /// Where a run continues.
    struct Place: Sendable {
        /// Counted from 0.
        let recording: Int
        /// The excerpt of the recording, counted from 0.
        let window: Int
        /// How much of the recording is done, from 0 to 1, as far as its file says.
        let doneShare: Double
    }

    private let run: CorpusRun
    private let keeper = KeptFile()
    private var nextRecording: Int
    /// How many excerpts of the recording in progress come before `ahead`.
    private var window: Int
    /// The recording in progress; nil before the first, and once all of it is read.
    private var current: (recording: Recording, reader: ExcerptReader)?
    /// What comes next of it: whether an excerpt is the last shows only when the next is looked for.
    private var ahead: Result<Excerpt, RowFailure>?

    init(_ run: CorpusRun, from start: RunPosition) {
        self.run = run
        nextRecording = start.recording
        window = start.window
    }

    mutating func next() -> (Place, Result<Excerpt, RowFailure>)? {
        while ahead == nil, nextRecording < run.recordings.count {
            ahead = open(run.recordings[nextRecording])
            nextRecording += 1
            if ahead == nil { window = 0 }
        }
        guard let result = ahead else { return nil }
        let doneShare = doneShare(after: result)
        ahead = read()
        let isLast = ahead == nil
        window = isLast ? 0 : window + 1
        let recording = isLast ? nextRecording : nextRecording - 1
        return (Place(recording: recording, window: window, doneShare: isLast ? 0 : doneShare), result)
    }

    /// Begins a recording, and gives its first excerpt from `window` on.
    private mutating func open(_ entry: Result<Recording, RowFailure>) -> Result<Excerpt, RowFailure>? {
        switch entry {
        case .failure(let failure): return .failure(failure)
        case .success(let recording):
            do {
                var reader = try ExcerptReader(
                    recording, channel: run.channel, windowing: run.windowing, minimumSamples: run.minimumSamples,
                    keeper: keeper)
                try reader.skip(window)
                current = (recording, reader)
            } catch {
                return .failure(RowFailure(error, of: recording))
            }
            return read()
        }
    }

    /// The next excerpt of the recording in progress, or the failure that ends it.
    private mutating func read() -> Result<Excerpt, RowFailure>? {
        guard let recording = current?.recording else { return nil }
        do {
            if let excerpt = try current?.reader.next() { return .success(excerpt) }
            current = nil
            return nil
        } catch {
            current = nil
            return .failure(RowFailure(error, of: recording))
        }
    }

    private func doneShare(after result: Result<Excerpt, RowFailure>) -> Double {
        guard let (recording, reader) = current, let duration = reader.promisedDuration,
            case .success(let excerpt) = result
        else { return 0 }
        return min(1, (excerpt.end - (recording.segment?.start ?? 0)) / duration)
    }
}
