/// Reads recordings as mono audio at 16 kHz: whatever libsndfile decodes, WAV on standard input, and NumPy signals.
public enum AudioReader {
    /// The most that is read into one signal, in seconds.
    public static let maximumDuration = 86_400.0

    /// Reads a recording, or a part of it.
    ///
    /// The samples of a 16 kHz file are its own, bit for bit (a 16-bit sample divided by 32768); any other rate is
    /// resampled, and `n` frames become n · 16000 / rate samples, rounded to the nearest. A segment begins on the frame
    /// nearest to its start and has as many as its length, rounded; so audinterface cuts it. What lies around it is heard
    /// by the resampling filter, so that cutting makes no click.
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
        try SignalStream(path: path, channel: channel, segment: segment).readAll(minimumSamples: minimumSamples).signal
    }

    /// Reads a recording that is in memory, in any of the formats of a file.
    ///
    /// - Parameters:
    ///   - bytes: what the file would hold.
    ///   - name: how errors call it.
    /// - Returns: a signal of at least one sample, all finite.
    /// - Throws: `AudioError`.
    public static func read(_ bytes: [UInt8], name: String) throws(AudioError) -> Signal {
        try SignalStream(bytes, name: name).readAll(minimumSamples: 1).signal
    }
}
