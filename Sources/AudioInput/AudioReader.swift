import NumPyFiles

/// Reads recordings as mono audio at 16 kHz: whatever libsndfile decodes, WAV on standard input, and NumPy signals.
public enum AudioReader {
    /// The most that is read into one signal, in seconds.
    public static let maximumDuration = 86_400.0

    /// Reads a recording, or a part of it.
    ///
    /// The samples of a 16 kHz file are its own, bit for bit (a 16-bit sample divided by 32768); any other rate is
    /// resampled, and `n` frames become n · 16000 / rate samples, rounded to the nearest. A segment has the samples that
    /// the whole recording has there.
    ///
    /// - Parameters:
    ///   - path: an audio file, a `.npy` file with a signal at 16 kHz, or `-` for audio on standard input.
    ///   - channel: the channel to take, counted from 0; `nil` averages them all.
    ///   - segment: the part to read; `nil` for everything.
    ///   - minimumSamples: how many samples at 16 kHz the signal must have at least.
    /// - Returns: a signal of at least one sample, all finite.
    /// - Throws: `AudioError`, one line that names the file and says what was wrong.
    public static func read(
        path: String, channel: Int? = nil, segment: Segment? = nil, minimumSamples: Int = 1
    ) throws(AudioError) -> Signal {
        do throws(AudioError.Reason) {
            let samples =
                path.lowercased().hasSuffix(".npy")
                ? try readNumPy(path, channel: channel, segment: segment)
                : try readAudio(InputFile(path), channel: channel, segment: segment)
            guard !samples.isEmpty || minimumSamples > 1 else { throw .noSamples }
            guard samples.count >= minimumSamples else {
                throw .tooShort(samples: samples.count, minimum: minimumSamples)
            }
            return Signal(samples: samples)
        } catch {
            throw AudioError(file: path == "-" ? "standard input" : path, reason: error)
        }
    }

    /// Reads a recording that is in memory, in any of the formats of a file.
    ///
    /// - Parameters:
    ///   - bytes: what the file would hold.
    ///   - name: how errors call it.
    /// - Returns: a signal of at least one sample, all finite.
    /// - Throws: `AudioError`.
    public static func read(_ bytes: [UInt8], name: String) throws(AudioError) -> Signal {
        do throws(AudioError.Reason) {
            let samples = try readAudio(InputFile(bytes), channel: nil, segment: nil)
            guard !samples.isEmpty else { throw .noSamples }
            return Signal(samples: samples)
        } catch {
            throw AudioError(file: name, reason: error)
        }
    }

    private static func readAudio(
        _ file: InputFile, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> [Float] {
        try TruncationCheck.check(file)
        let decoder = try SignalDecoder(SoundFile(file), channel: channel, segment: segment)
        return try decoder.readAll()
    }

    /// A signal at 16 kHz of shape `[n]` or `[1, n]`, float32 or float64.
    private static func readNumPy(
        _ path: String, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> [Float] {
        let array: NPYArray
        do { array = try NPYFile.read(path) } catch {
            if case .cannotOpen(let code) = error.reason { throw .init(code: code) }
            throw .numPy(error.reason)
        }
        let samples: [Float]
        switch array.elements {
        case .float32(let values): samples = values
        case .float64(let values): samples = values.map(Float.init)
        default: throw .signalType
        }
        guard array.shape.count == 1 || (array.shape.count == 2 && array.shape[0] == 1) else {
            throw .signalShape(array.shape)
        }
        if let channel, channel != 0 { throw .noSuchChannel(channel, available: 1) }
        let (first, last) = try segment?.samples() ?? (0, nil)
        guard segment == nil || first < samples.count else {
            throw .segmentBeyondEnd(first: first, count: samples.count)
        }
        let part = samples[first..<min(last ?? samples.count, samples.count)]
        if let index = part.firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(index) / Double(Signal.sampleRate))
        }
        return Array(part)
    }
}
