import AudioInput
import Corpus

/// Scores a list of recordings, in its order: each excerpt gives a row or a failure, and each recording that can't be read
/// a failure.
package struct CorpusRun: Sendable {
    fileprivate let recordings: RecordingList
    fileprivate let windowing: Windowing
    fileprivate let channels: ChannelChoice
    fileprivate let minimumSamples: Int
    /// In order; nil for all.
    fileprivate let chosen: [Int]?
    fileprivate let folders = SeenFolders()

    /// `channels` says which are scored; with all of them, the first value of a row is the channel. `minimumSamples` is how many samples the
    /// model needs. `chosen` are the recordings to score, in order, counted from 0; nil for all.
    package init(
        _ recordings: RecordingList, windowing: Windowing, channels: ChannelChoice, minimumSamples: Int,
        chosen: [Int]? = nil
    ) {
        self.recordings = recordings
        self.windowing = windowing
        self.channels = channels
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
                    position.audioSeconds += max(0, row.end - max(row.start, lastEnd))
                    lastEnd = place.window > 0 ? max(lastEnd, row.end) : -.infinity
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

/// Which channels of a recording are scored.
package enum ChannelChoice: Sendable, Hashable {
    /// Their mean.
    case mean
    /// This one, counted from 0.
    case one(Int)
    /// Each by itself, in order.
    case all
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
    /// What is doubtful about the recording or channel that was read last, if it was just read to the end.
    private var notices: [AudioNotice]?
    /// That of `current`, counted from 0, if all channels are scored.
    private var channel = 0
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
        // Only at the end of a recording, or of one of its channels, is all known that is doubtful about it.
        if let notices { result = result.map { $0.with(notices) } }
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
                channel = 0
                var reader = try reader(of: recording)
                run.folders.note(folderOf: recording.path)
                if run.channels != .all { try reader.skip(window) }
                current = (recording, reader)
                // How many excerpts a channel has shows only when they are read.
                if run.channels == .all { for _ in 0..<window { _ = try nextExcerpt() } }
            } catch {
                return .failure(failure(error, of: recording))
            }
            return read()
        }
    }

    private func reader(of recording: Recording) throws(AudioError) -> ExcerptReader {
        let index: Int? =
            switch run.channels {
            case .mean: nil
            case .one(let index): index
            case .all: channel
            }
        return try ExcerptReader(
            recording, channel: index, windowing: run.windowing, minimumSamples: run.minimumSamples,
            keeper: keeper, memory: memory)
    }

    /// The next excerpt of the recording in progress, of its next channel if that is asked for; nil after the last.
    private mutating func nextExcerpt() throws -> Excerpt? {
        while let (recording, reader) = current {
            if var excerpt = try current?.reader.next() {
                if run.channels == .all { excerpt.channel = channel + 1 }
                return excerpt
            }
            notices = current?.reader.notices
            guard run.channels == .all, channel + 1 < reader.channelCount else { break }
            channel += 1
            current = (recording, try self.reader(of: recording))
        }
        current = nil
        return nil
    }

    /// The next excerpt of the recording in progress, or the failure that ends it.
    private mutating func read() -> Result<Excerpt, RowFailure>? {
        notices = nil
        guard let recording = current?.recording else { return nil }
        do {
            return try nextExcerpt().map { .success($0) }
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
        let share = min(1, (excerpt.end - (recording.segment?.start ?? 0)) / duration)
        return run.channels == .all ? (Double(channel) + share) / Double(max(1, reader.channelCount)) : share
    }
}
