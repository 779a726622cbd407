/// A recording as mono audio at 16 kHz, piece by piece, so that one of any length takes the same memory.
///
/// The pieces together are the signal that ``AudioReader/read(path:channel:segment:minimumSamples:acceptsTruncated:)`` gives.
package final class SignalStream {
    /// How many samples the file promises; nil if it doesn't say.
    package var promisedCount: Int? { source.promisedCount }

    private let source: any SignalSource
    private let name: String
    /// Where the decoder goes when this stream is done with it.
    private var kept: KeptDecoder?

    /// Opens a recording; the parameters are those of ``AudioReader/read(path:channel:segment:minimumSamples:acceptsTruncated:)``.
    /// A segment shares the decoder that `keeper` has kept, if it is for the same file, and leaves it there.
    ///
    /// - Throws: `AudioError`, one line that names the file and says what is wrong.
    package init(
        path: String, channel: Int? = nil, segment: Segment? = nil, decoding: AudioDecoding = AudioDecoding(),
        keeper: KeptFile? = nil
    ) throws(AudioError) {
        name = path == "-" ? "standard input" : path
        do throws(AudioError.Reason) {
            (source, kept) = try decoding.open(path, channel: channel, segment: segment, keeper: keeper)
        } catch {
            throw AudioError(file: name, reason: error)
        }
    }

    deinit {
        if let kept { kept.keeper.keep(kept.input, kept.file, kept.key) }
    }

    /// A recording that is in memory, in any of the formats of a file; errors name it `name`.
    init(_ bytes: [UInt8], name: String) throws(AudioError) {
        self.name = name
        do throws(AudioError.Reason) {
            source = try AudioDecoding().open(InputFile(bytes), channel: nil, segment: nil)
        } catch {
            throw AudioError(file: name, reason: error)
        }
    }

    /// How much of the recording, or of its segment, has been read, in seconds by its own frames; at the end, all of it.
    package var decodedDuration: Double { source.decodedDuration }

    /// Whether the recording ended before the segment that was asked for does; known at the end.
    package var endsEarly: Bool { source.endsEarly }

    /// What is doubtful about the recording, as far as it has been read; complete at the end.
    package var notices: [AudioNotice] { source.notices }

    /// The next samples, all finite, about -1 to 1; none at the end.
    ///
    /// - Throws: `AudioError` if the file turns out to be damaged or cut short.
    package func next() throws(AudioError) -> [Float] {
        do throws(AudioError.Reason) { return try source.next() } catch {
            kept = nil
            throw AudioError(file: name, reason: error)
        }
    }

    /// What is left, as one signal: its first `most` samples, and zeros after them if there are fewer than `least`.
    ///
    /// `admit` is asked before anything is decoded, if the file promises a number of samples, and again each time that there
    /// turn out to be an eighth more: how many there are expected to be, and how many of them are decoded.
    ///
    /// - Throws: `AudioError`, also if the signal is longer than ``AudioReader/maximumDuration`` or shorter than
    ///   `minimumSamples`, and what `admit` throws.
    package func readAll(
        minimumSamples: Int, cutTo most: Int = .max, paddedTo least: Int = 0,
        admit: ((_ samples: Int, _ decoded: Int) throws(AudioError.Reason) -> Void)? = nil
    ) throws(AudioError) -> (signal: Signal, isCut: Bool, isPadded: Bool) {
        var admitted = 0
        func admitMore(_ count: Int, decoded: Int) throws(AudioError) {
            guard let admit, count > admitted else { return }
            admitted = count
            do throws(AudioError.Reason) { try admit(count, decoded) } catch {
                throw AudioError(file: name, reason: error)
            }
        }
        let promised = min(promisedCount ?? 0, most)
        try checkLength(promised)
        try admitMore(max(promised, least), decoded: 0)
        var samples: [Float] = []
        if admit != nil { samples.reserveCapacity(promised) }
        while samples.count <= most {
            let piece = try next()
            if piece.isEmpty { break }
            let count = min(samples.count + piece.count, most)
            try checkLength(count)
            if count > admitted { try admitMore(count + count / 8, decoded: samples.count) }
            if samples.isEmpty, samples.capacity == 0 { samples = piece } else { samples += piece }
        }
        let isCut = samples.count > most
        if isCut { samples.removeLast(samples.count - most) }
        let isPadded = samples.count < least
        if isPadded { samples += [Float](repeating: 0, count: least - samples.count) }
        guard samples.count >= max(1, minimumSamples) else {
            let reason: AudioError.Reason =
                samples.isEmpty && minimumSamples <= 1
                ? .noSamples : .tooShort(samples: samples.count, minimum: minimumSamples)
            throw AudioError(file: name, reason: reason)
        }
        return (Signal(samples: samples, notices: notices), isCut, isPadded)
    }

    private func checkLength(_ count: Int) throws(AudioError) {
        let duration = Double(count) / Double(Signal.sampleRate)
        guard duration <= AudioReader.maximumDuration else {
            throw AudioError(file: name, reason: .tooLong(duration: duration))
        }
    }
}

/// What reads a format.
protocol SignalSource: AnyObject {
    /// How many samples the file promises; nil if it doesn't say.
    var promisedCount: Int? { get }
    /// How much of what was asked for has been read, in seconds; at the end, all of it.
    var decodedDuration: Double { get }
    /// Whether the recording ended before the segment that was asked for does; known at the end.
    var endsEarly: Bool { get }
    /// What is doubtful about the recording, as far as it has been read.
    var notices: [AudioNotice] { get }
    /// The next samples, all finite; none at the end.
    func next() throws(AudioError.Reason) -> [Float]
}

/// A decoder that goes to the next segment of its file.
struct KeptDecoder {
    let keeper: KeptFile
    let key: KeptFile.Key
    let input: InputFile
    let file: any AudioFile
}
