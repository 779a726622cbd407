/// A recording as mono audio at 16 kHz, piece by piece, so that one of any length takes the same memory.
///
/// The pieces together are the signal that ``AudioReader/read(path:channel:segment:minimumSamples:)`` gives.
package final class SignalStream {
    /// How many samples the file promises; nil if it doesn't say.
    package var promisedCount: Int? { source.promisedCount }

    private let source: any SignalSource
    private let name: String

    /// Opens a recording; the parameters are those of ``AudioReader/read(path:channel:segment:minimumSamples:)``.
    ///
    /// - Throws: `AudioError`, one line that names the file and says what is wrong.
    package init(
        path: String, channel: Int? = nil, segment: Segment? = nil, decoding: AudioDecoding = AudioDecoding()
    ) throws(AudioError) {
        name = path == "-" ? "standard input" : path
        do throws(AudioError.Reason) {
            source = try decoding.open(path, channel: channel, segment: segment)
        } catch {
            throw AudioError(file: name, reason: error)
        }
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

    /// What is doubtful about the recording, as far as it has been read; complete at the end.
    package var notices: [AudioNotice] { source.notices }

    /// The next samples, all finite, about -1 to 1; none at the end.
    ///
    /// - Throws: `AudioError` if the file turns out to be damaged or cut short.
    package func next() throws(AudioError) -> [Float] {
        do throws(AudioError.Reason) { return try source.next() } catch { throw AudioError(file: name, reason: error) }
    }

    /// What is left, as one signal: its first `most` samples, and zeros after them if there are fewer than `least`.
    ///
    /// - Throws: `AudioError`, also if the signal is longer than ``AudioReader/maximumDuration`` or shorter than
    ///   `minimumSamples`.
    package func readAll(
        minimumSamples: Int, cutTo most: Int = .max, paddedTo least: Int = 0
    ) throws(AudioError) -> (signal: Signal, isCut: Bool, isPadded: Bool) {
        try checkLength(min(promisedCount ?? 0, most))
        var samples: [Float] = []
        while samples.count <= most {
            let piece = try next()
            if piece.isEmpty { break }
            if samples.isEmpty { samples = piece } else { samples += piece }
            try checkLength(min(samples.count, most))
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
    /// What is doubtful about the recording, as far as it has been read.
    var notices: [AudioNotice] { get }
    /// The next samples, all finite; none at the end.
    func next() throws(AudioError.Reason) -> [Float]
}

extension SignalSource {
    var notices: [AudioNotice] { [] }
}
