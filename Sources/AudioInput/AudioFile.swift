/// An audio file that is decoded frame by frame, open at one of them.
protocol AudioFile: AnyObject {
    var channelCount: Int { get }
    /// In Hz; within `SoundFile.rates`.
    var sampleRate: Int { get }
    /// How many frames it has; nil if only reading to the end shows.
    var frameCount: Int? { get }
    /// How many frames its header or tag promises, whether they are there or not; nil if none does.
    var declaredFrameCount: Int? { get }
    /// Whether ``seek(to:)`` goes to any frame.
    var isSeekable: Bool { get }
    /// Whether the samples of a frame are the same, bit for bit, however the decoder has come to it.
    var isExact: Bool { get }
    /// The next frame.
    var position: Int { get }

    /// How many stretches between two frames can't be decoded, and the frame of the first; nil if none.
    func damage(in frames: Range<Int>) -> (count: Int, first: Int)?

    /// Makes `frame` the next to be read.
    func seek(to frame: Int) throws(AudioError.Reason)

    /// Decodes at most `limit` frames, at least one unless the file ends here, to one sample for each: that of the
    /// channel, counted from 0, or with `nil` the mean of all channels.
    func read(atMost limit: Int, channel: Int?) throws(AudioError.Reason) -> [Float]
}

extension AudioFile {
    /// How many stretches of the file can't be decoded, and the frame of the first; nil if none.
    var damage: (count: Int, first: Int)? { damage(in: 0..<Int.max) }
}

extension InputFile {
    /// Opens its audio with the decoder that its content asks for.
    func audio() throws(AudioError.Reason) -> any AudioFile {
        if let stream = try MPEGStream(self) { return try MPEGFile(stream) }
        return try SoundFile(self)
    }
}

/// One sample per frame of interleaved channels: that of the channel, counted from 0, or the mean of all of them,
/// computed in double precision, so that it is the nearest float to the true one.
func mono(_ samples: ArraySlice<Float>, channelCount: Int, channel: Int?) -> [Float] {
    if channelCount == 1 { return Array(samples) }
    let starts = stride(from: samples.startIndex, to: samples.endIndex, by: channelCount)
    if let channel { return starts.map { samples[$0 + channel] } }
    return starts.map { start in
        let sum = samples[start..<start + channelCount].reduce(0.0) { $0 + Double($1) }
        return Float(sum / Double(channelCount))
    }
}
