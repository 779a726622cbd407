import AudioInput
import Corpus

/// Scores a list of recordings, in its order: each excerpt gives a row or a failure, and each recording that can't be read
/// a failure.
package struct CorpusRun: Sendable {
    fileprivate let recordings: RecordingList
    fileprivate let windowing: Windowing
    fileprivate let channel: Int?
    fileprivate let minimumSamples: Int
    /// In order; nil for all.
    fileprivate let chosen: [Int]?
    fileprivate let folders = SeenFolders()

    /// `channel` is the channel to take, counted from 0; nil averages them all. `minimumSamples` is how many samples the
    /// model needs. `chosen` are the recordings to score, in order, counted from 0; nil for all.
    package init(
        _ recordings: RecordingList, windowing: Windowing, channel: Int?, minimumSamples: Int, chosen: [Int]? = nil
    ) {
        self.recordings = recordings
        self.windowing = windowing
        self.channel = channel
        self.minimumSamples = minimumSamples
        self.chosen = chosen
    }

    /// Scores from a position on, to the end or to the recording at the place `end`.
    ///
    /// Files are decoded ahead of the scoring. A recording that can't be read, or not to its end, gives a failure after
    /// the excerpts that came before it, and the run continues with the next.
    ///
    /// `take` gets each row or failure, the position after it, and how much of that position's recording is done, from 0
    /// to 1, as far as its file says. A run that ended there continues from that position. `whileWaiting` is called
    /// several times a second while there is nothing to take.
    ///
    /// - Throws: what they throw; ``SystemFailure`` if the system failed and not a recording, which then gives nothing.
    package func run(
        on scorer: ExcerptScorer, from start: RunPosition = RunPosition(), until end: Int? = nil,
        stop: StopRequest = StopRequest(),
        take: (_ result: Result<Row, RowFailure>, _ position: RunPosition, _ doneShare: Double) throws -> Void,
        whileWaiting: () throws -> Void = {}
    ) throws {
        var position = start
        // Where the last window of the recording in progress ends: windows overlap, and audio counts once.
        var lastEnd = -Double.infinity
        try scorer.run(
            stop: stop,
            makeExcerpts: {
                var excerpts = CorpusExcerpts(self, from: start, until: end ?? recordings.count, memory: scorer.memory)
                return { excerpts.next() }
            },
            take: { (place: CorpusExcerpts.Place, result) in
                if case .failure(let failure) = result, let failure = SystemFailure(failure) { throw failure }
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
            },
            whileWaiting: whileWaiting)
    }

    /// Whether recordings aren't cut into windows.
    package var scoresWholeRecordings: Bool { windowing.windows == nil }

    /// The recording at a position, or why there is none; nil at the end.
    package func recording(at position: RunPosition) -> Result<Recording, RowFailure>? {
        position.recording < recordings.count ? recordings[position.recording] : nil
    }

    /// The position after the recording at a position, if that isn't scored further.
    package func position(passing position: RunPosition) -> RunPosition {
        var next = position
        next.recording = place(after: position.recording)
        next.window = 0
        return next
    }

    /// The next place after another that is to be scored; the number of recordings after the last.
    fileprivate func place(after place: Int) -> Int {
        guard let chosen else { return place + 1 }
        // The places are in order.
        var (low, high) = (0, chosen.count)
        while low < high {
            let middle = (low + high) / 2
            if chosen[middle] > place { high = middle } else { low = middle + 1 }
        }
        return low < chosen.count ? chosen[low] : recordings.count
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
    private let end: Int
    private let memory: ScoringMemory
    /// That of the excerpt in `ahead`.
    private var recording: Int
    private var nextRecording: Int
    /// How many excerpts of the recording in progress come before `ahead`.
    private var window: Int
    /// The recording in progress; nil before the first, and once all of it is read.
    private var current: (recording: Recording, reader: ExcerptReader)?
    /// What is doubtful about the recording that was read last, if it was read to the end.
    private var notices: [AudioNotice]?
    /// What comes next of it: whether an excerpt is the last shows only when the next is looked for.
    private var ahead: Result<Excerpt, RowFailure>?

    init(_ run: CorpusRun, from start: RunPosition, until end: Int, memory: ScoringMemory) {
        self.run = run
        self.memory = memory
        self.end = min(end, run.recordings.count)
        recording = start.recording
        nextRecording = start.recording
        window = start.window
    }

    mutating func next() -> (Place, Result<Excerpt, RowFailure>)? {
        while ahead == nil, nextRecording < end {
            recording = nextRecording
            nextRecording = run.place(after: recording)
            ahead = open(run.recordings[recording])
            if ahead == nil { window = 0 }
        }
        guard var result = ahead else { return nil }
        let doneShare = doneShare(after: result)
        ahead = read()
        let isLast = ahead == nil
        // Only at the end of a recording is all known that is doubtful about it.
        if isLast, let notices { result = result.map { $0.with(notices) } }
        window = isLast ? 0 : window + 1
        let place = Place(
            recording: isLast ? nextRecording : recording, window: window, doneShare: isLast ? 0 : doneShare)
        return (place, result)
    }

    /// Begins a recording, and gives its first excerpt from `window` on.
    private mutating func open(_ entry: Result<Recording, RowFailure>) -> Result<Excerpt, RowFailure>? {
        switch entry {
        case .failure(let failure): return .failure(failure)
        case .success(let recording):
            do {
                var reader = try ExcerptReader(
                    recording, channel: run.channel, windowing: run.windowing, minimumSamples: run.minimumSamples,
                    keeper: keeper, memory: memory)
                run.folders.note(folderOf: recording.path)
                try reader.skip(window)
                current = (recording, reader)
            } catch {
                return .failure(failure(error, of: recording))
            }
            return read()
        }
    }

    /// The next excerpt of the recording in progress, or the failure that ends it.
    private mutating func read() -> Result<Excerpt, RowFailure>? {
        notices = nil
        guard let recording = current?.recording else { return nil }
        do {
            if let excerpt = try current?.reader.next() { return .success(excerpt) }
            notices = current?.reader.notices
            current = nil
            return nil
        } catch {
            current = nil
            return .failure(failure(error, of: recording))
        }
    }

    private func failure(_ error: any Error, of recording: Recording) -> RowFailure {
        guard case AudioError.Reason.notFound? = (error as? AudioError)?.reason,
            let folder = run.folders.vanished(above: recording.path)
        else { return RowFailure(error, of: recording) }
        return RowFailure(file: recording.name, segment: recording.segment, reason: VanishedFolder(path: folder))
    }

    private func doneShare(after result: Result<Excerpt, RowFailure>) -> Double {
        guard let (recording, reader) = current, let duration = reader.promisedDuration,
            case .success(let excerpt) = result
        else { return 0 }
        return min(1, (excerpt.end - (recording.segment?.start ?? 0)) / duration)
    }
}
