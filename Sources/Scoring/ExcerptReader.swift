import AudioInput
import Corpus

/// A stretch of a recording that is scored by itself.
package struct Excerpt: Sendable, Hashable {
    /// As the list of recordings names it.
    package let file: String
    /// Where it lies in its file, in seconds.
    package let start: Double
    package let end: Double
    /// Mono, at 16 kHz.
    package let samples: [Float]
    /// What is doubtful about the recording, with its last excerpt.
    package var notices: [AudioNotice] = []
    /// The channel, counted from 1, if each is scored by itself.
    package var channel: Int?
    /// What scoring it takes, reserved until it is done with.
    package var memory: ExcerptMemory?

    /// The same with other notices.
    func with(_ notices: [AudioNotice]) -> Excerpt {
        var excerpt = self
        excerpt.notices = notices
        return excerpt
    }
}

/// The excerpts of one recording, in order. In windows, it is decoded once, and no more than a window of it is kept.
package struct ExcerptReader {
    private let recording: Recording
    private let windowing: Windowing
    private let minimumSamples: Int
    private let memory: ScoringMemory?
    private let stream: SignalStream
    /// Samples that were decoded and are still needed, and where the first of them lies in the recording.
    private var buffer: [Float] = []
    private var bufferStart = 0
    private var streamEnded = false
    /// The next excerpt.
    private var index = 0

    /// Opens a recording. `channel` is the channel to take, counted from 0; nil averages them all. `minimumSamples` is
    /// how many samples an excerpt must have, and `memory` what a whole recording has to fit into. Segments that are read
    /// one after the other with the same `keeper` share their file's decoder.
    ///
    /// - Throws: `AudioError`
    package init(
        _ recording: Recording, channel: Int?, windowing: Windowing, minimumSamples: Int, keeper: KeptFile? = nil,
        memory: ScoringMemory? = nil
    ) throws(AudioError) {
        self.memory = memory
        self.recording = recording
        self.windowing = windowing
        self.minimumSamples = minimumSamples
        stream = try SignalStream(
            path: recording.path, channel: channel, segment: recording.segment, decoding: recording.decoding,
            keeper: keeper)
    }

    /// How long the recording is going to be, in seconds, if its file says so; no longer than the longest to be taken.
    package var promisedDuration: Double? {
        stream.promisedCount.map { seconds(samples: min($0, limit)) }
    }

    /// What is doubtful about the recording, as far as it has been read; complete after the last excerpt.
    package var notices: [AudioNotice] { stream.notices }

    /// How many channels the recording has.
    package var channelCount: Int { stream.channelCount }

    /// The next excerpt; nil after the last.
    ///
    /// - Throws: `AudioError`, or ``ExcerptError`` if there is none at all.
    package mutating func next() throws -> Excerpt? {
        defer { index += 1 }
        guard let windows = windowing.windows else { return index == 0 ? try whole() : nil }
        if let window = try next(of: windows) { return window }
        guard index > 0 else {
            throw ExcerptError(
                duration: seconds(samples: bufferStart + buffer.count), window: windows.duration)
        }
        return nil
    }

    /// Passes over the next excerpts.
    package mutating func skip(_ count: Int) throws(AudioError) {
        index += count
        guard count > 0, let windows = windowing.windows else { return }
        let hop = Windowing.samples(windows.hop)
        try fill(to: (index - 1) * hop + Windowing.samples(windows.duration), from: index * hop)
    }

    // MARK: Whole recordings

    /// It ends where its segment or the recording does or, if it was cut or padded, as long after the start as it is now.
    fileprivate func whole() throws(AudioError) -> Excerpt {
        let memory = memory?.excerpt()
        func admit(samples: Int, decoded: Int) throws(AudioError.Reason) {
            try memory?.reserve(samples: samples, decoded: decoded)
        }
        let read = try stream.readAll(
            minimumSamples: minimumSamples, cutTo: limit,
            paddedTo: windowing.minimumDuration.map(Windowing.samples) ?? 0,
            admit: memory == nil ? nil : admit)
        let found = start + stream.decodedDuration
        var end = stream.endsEarly ? found : recording.segment?.end ?? found
        if let maximum = windowing.maximumDuration, read.isCut { end = start + maximum }
        if let minimum = windowing.minimumDuration, read.isPadded { end = start + minimum }
        return Excerpt(
            file: recording.name, start: start, end: end, samples: read.signal.samples,
            notices: read.signal.notices, memory: memory)
    }

    private var start: Double { recording.segment?.start ?? 0 }

    // MARK: Windows

    private mutating func next(of windows: Windowing.Windows) throws(AudioError) -> Excerpt? {
        let (length, hop) = (Windowing.samples(windows.duration), Windowing.samples(windows.hop))
        let first = index * hop
        try fill(to: first + length, from: first)
        let place = nanoseconds(start) + index * nanoseconds(windows.hop)
        if buffer.count >= length {
            return Excerpt(
                file: recording.name, start: seconds(place), end: seconds(place + nanoseconds(windows.duration)),
                samples: Array(buffer[..<length]))
        }
        // The window before may have reached the end already.
        let isNew = index == 0 || first - hop + length < bufferStart + buffer.count
        guard windows.padsLast, !buffer.isEmpty, isNew else { return nil }
        let end = start + seconds(samples: bufferStart + buffer.count)
        return Excerpt(
            file: recording.name, start: seconds(place), end: seconds(nanoseconds(end)),
            samples: buffer + [Float](repeating: 0, count: length - buffer.count))
    }

    // MARK: Decoding

    private var decodedCount = 0

    /// The most samples that are to be taken.
    private var limit: Int { windowing.maximumDuration.map(Windowing.samples) ?? Int.max / 2 }

    /// Decodes up to a sample or the end, and keeps what lies from `first` on.
    private mutating func fill(to end: Int, from first: Int) throws(AudioError) {
        drop(before: first)
        while !streamEnded, bufferStart + buffer.count < end {
            var piece = try stream.next()
            let room = limit - decodedCount
            streamEnded = piece.isEmpty || piece.count > room
            if piece.count > room { piece.removeLast(piece.count - room) }
            decodedCount += piece.count
            buffer += piece
            if streamEnded, let minimum = windowing.minimumDuration.map(Windowing.samples), decodedCount < minimum {
                buffer += [Float](repeating: 0, count: minimum - decodedCount)
            }
            drop(before: first)
        }
    }

    private mutating func drop(before first: Int) {
        let count = min(first - bufferStart, buffer.count)
        guard count > 0 else { return }
        buffer.removeFirst(count)
        bufferStart += count
    }

    private func seconds(samples: Int) -> Double { Double(samples) / Double(Signal.sampleRate) }

    // Times of windows are counted in whole nanoseconds, so that they come out as they would be written by hand.
    private func nanoseconds(_ seconds: Double) -> Int { Int((seconds * 1e9).rounded()) }
    private func seconds(_ nanoseconds: Int) -> Double { Double(nanoseconds) / 1e9 }
}

extension Excerpt {
    /// All of a recording. `channel` is the channel to take, counted from 0; nil averages them all.
    ///
    /// - Throws: `AudioError` if it can't be read, has fewer than `minimumSamples` samples, or doesn't fit into `memory`.
    package init(
        reading recording: Recording, channel: Int?, minimumSamples: Int, memory: ScoringMemory? = nil
    ) throws(AudioError) {
        let reader = try ExcerptReader(
            recording, channel: channel, windowing: Windowing(), minimumSamples: minimumSamples, memory: memory)
        self = try reader.whole()
    }
}

/// A recording without a single window.
package struct ExcerptError: Error, Hashable, CustomStringConvertible {
    /// In seconds.
    package let duration: Double
    package let window: Double

    package var description: String {
        "\(duration) s is shorter than a window of \(window) s"
    }
}
