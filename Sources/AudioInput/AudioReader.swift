/// Reads recordings as mono audio at 16 kHz: whatever libsndfile decodes, MPEG audio, WAV on standard input, and NumPy signals.
public enum AudioReader {
    /// The most that is read into one signal, in seconds.
    public static let maximumDuration = 86_400.0

    /// Reads a recording, or a part of it.
    ///
    /// The samples of a 16 kHz file are its own, bit for bit (a 16-bit sample divided by 32768); any other rate is
    /// resampled, and `n` frames become n · 16000 / rate samples, rounded to the nearest. A segment begins on the frame
    /// nearest to its start and has as many as its length, rounded, as audinterface cuts it. The resampling filter also
    /// uses what lies around it, so that cutting makes no click.
    ///
    /// - Parameters:
    ///   - path: an audio file, a `.npy` file with a signal at 16 kHz, or `-` for audio on standard input.
    ///   - channel: the channel to take, counted from 0; `nil` averages them all.
    ///   - segment: the part to read; `nil` for everything.
    ///   - minimumSamples: how many samples at 16 kHz the signal must have at least.
    ///   - acceptsTruncated: whether a recording that is cut short, damaged from some place on, or longer than its header
    ///     says is read as far as it can be, with a notice, where that would be an error.
    /// - Returns: a signal of at least one sample, all finite.
    /// - Throws: `AudioError`, one line that names the file and says what is wrong.
    public static func read(
        path: String, channel: Int? = nil, segment: Segment? = nil, minimumSamples: Int = 1,
        acceptsTruncated: Bool = false
    ) throws(AudioError) -> Signal {
        let decoding = AudioDecoding(acceptsTruncated: acceptsTruncated)
        return try SignalStream(path: path, channel: channel, segment: segment, decoding: decoding)
            .readAll(minimumSamples: minimumSamples).signal
    }

    /// Reads a recording that is in memory, in any of the formats of a file.
    ///
    /// - Parameters:
    ///   - bytes: what the file would hold.
    ///   - name: the name in errors.
    /// - Returns: a signal of at least one sample, all finite.
    /// - Throws: `AudioError`.
    public static func read(_ bytes: [UInt8], name: String) throws(AudioError) -> Signal {
        try SignalStream(bytes, name: name).readAll(minimumSamples: 1).signal
    }
}

/// Mono audio at the model's sample rate.
public struct Signal: Sendable, Equatable {
    /// In samples per second.
    public static let sampleRate = 16_000

    /// About −1 to 1; always finite.
    public let samples: [Float]
    /// What is doubtful about the recording that it was read from.
    public let notices: [AudioNotice]

    /// - Precondition: All samples are finite.
    public init(samples: [Float], notices: [AudioNotice] = []) {
        self.samples = samples
        self.notices = notices
    }

    /// In seconds.
    public var duration: Double { Double(samples.count) / Double(Self.sampleRate) }
}

/// A part of a recording.
public struct Segment: Sendable, Hashable {
    /// In seconds from the beginning.
    public let start: Double
    /// In seconds from the beginning; `nil` for the end of the recording, which is also where a later one is cut.
    public let end: Double?

    /// A segment is checked when it is read.
    public init(start: Double, end: Double? = nil) {
        self.start = start
        self.end = end
    }

    /// The frames that it covers in a recording with `rate` frames a second; no last one if it goes to the end. Its start
    /// and its length are rounded to the nearest frame, halves to the even one, as audiofile and audinterface do it.
    ///
    /// - Throws: `.invalidSegment`.
    func frames(rate: Int) throws(AudioError.Reason) -> (first: Int, last: Int?) {
        guard start.isFinite, start >= 0, end.map({ $0.isFinite && $0 > start }) ?? true else {
            throw .invalidSegment(start: start, end: end)
        }
        // No recording reaches that far, and all sums of it fit.
        let limit = Double(Int32.max)
        func frames(_ seconds: Double) -> Int {
            Int((min(seconds, limit) * Double(rate)).rounded(.toNearestOrEven))
        }
        let first = frames(start)
        return (first, end.map { first + frames($0 - start) })
    }
}
