import Corpus
import W2V2Engine

/// Scores a list of recordings, in its order: a row for each excerpt, and one for each failure.
public struct CorpusRun: Sendable {
    private let recordings: RecordingList
    private let windowing: Windowing
    private let channel: Int?
    private let minimumSamples: Int

    /// `channel` is the channel to take, counted from 0; nil averages them all. `minimumSamples` is how many samples the
    /// model needs.
    public init(_ recordings: RecordingList, windowing: Windowing, channel: Int?, minimumSamples: Int) {
        self.recordings = recordings
        self.windowing = windowing
        self.channel = channel
        self.minimumSamples = minimumSamples
    }

    /// Scores from a place on.
    ///
    /// Files are decoded ahead of what is scored. A recording that can't be read, or not to its end, gives a failure
    /// after the excerpts that came before it, and the run goes on with the next.
    public func run(
        on scorer: ExcerptScorer, from place: Place = Place(), stop: StopRequest = StopRequest(),
        take: (CorpusRow) throws -> Void
    ) throws {
        try scorer.run(
            stop: stop,
            produce: { offer in
                for index in recordings.indices.dropFirst(place.recording) {
                    let first = index == place.recording ? place.window : 0
                    guard offerExcerpts(ofRecording: index, from: first, offer) else { return }
                }
            },
            take: { (tag: Tag, result: Result<ScoredExcerpt, ScoringFailure>) in
                try take(
                    CorpusRow(file: tag.file, result: result, next: tag.next, doneShare: tag.doneShare))
            })
    }

    /// What goes with an excerpt through the pipeline.
    private struct Tag {
        let file: String
        let next: Place
        let doneShare: Double
    }

    private typealias Offer = (Tag, Result<Excerpt, ScoringFailure>) -> Bool

    /// - Returns: false where no more are wanted.
    private func offerExcerpts(ofRecording index: Int, from first: Int, _ offer: Offer) -> Bool {
        let end = Place(recording: index + 1)
        let recording: Recording
        switch recordings[index] {
        case .success(let found): recording = found
        case .failure(let failure):
            let reason = ScoringFailure(
                start: failure.segment?.start, end: failure.segment?.end, reason: failure.reason)
            return offer(Tag(file: failure.file, next: end, doneShare: 0), .failure(reason))
        }
        /// Whether an excerpt is a recording's last shows only when the next is looked for.
        var held: (excerpt: Excerpt, window: Int)?
        var promised: Double?
        func offerHeld(isLast: Bool) -> Bool {
            guard let (excerpt, window) = held else { return true }
            held = nil
            let start = recording.segment?.start ?? 0
            let share = isLast ? 0 : promised.map { min(1, (excerpt.end - start) / $0) } ?? 0
            let next = isLast ? end : Place(recording: index, window: window + 1)
            return offer(Tag(file: recording.name, next: next, doneShare: share), .success(excerpt))
        }
        do {
            var reader = try ExcerptReader(
                recording, channel: channel, windowing: windowing, minimumSamples: minimumSamples)
            promised = reader.promisedDuration
            try reader.skip(first)
            var window = first
            while let excerpt = try reader.next() {
                guard offerHeld(isLast: false) else { return false }
                held = (excerpt, window)
                window += 1
            }
            return offerHeld(isLast: true)
        } catch {
            guard offerHeld(isLast: false) else { return false }
            let failure = ScoringFailure(error, start: recording.segment?.start, end: recording.segment?.end)
            return offer(Tag(file: recording.name, next: end, doneShare: 0), .failure(failure))
        }
    }
}

/// A place in a list of recordings, in front of an excerpt.
public struct Place: Sendable, Hashable {
    /// Counted from 0.
    public var recording: Int
    /// The excerpt of the recording, counted from 0.
    public var window: Int

    public init(recording: Int = 0, window: Int = 0) {
        self.recording = recording
        self.window = window
    }
}

/// An excerpt's scores, or a failure.
public struct CorpusRow: Sendable {
    /// As the list names it.
    public let file: String
    public let result: Result<ScoredExcerpt, ScoringFailure>
    /// Where a run goes on that ended after this row.
    public let next: Place
    /// How much of the next place's recording is done, from 0 to 1, as far as its file tells.
    public let doneShare: Double
}
