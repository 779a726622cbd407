/// Audio that is decoded frame by frame, open at one of them.
protocol AudioFile: AnyObject {
    var channelCount: Int { get }
    /// In Hz; within `SoundFile.rates`.
    var sampleRate: Int { get }
    /// How many frames it has; nil if only reading to the end shows.
    var frameCount: Int? { get }
    /// How many frames its header or tag promises, whether they are there or not; nil if none does.
    var declaredFrameCount: Int? { get }
    /// What its container says about its length, one finding for each recording in it that isn't as it should be.
    var lengths: [ContainerLength] { get }
    /// Whether ``seek(to:)`` goes to any frame.
    var isSeekable: Bool { get }
    /// Whether the samples of a frame are the same, bit for bit, however the decoder has come to it.
    var isExact: Bool { get }
    /// The next frame.
    var position: Int { get }
    /// What else is doubtful, as far as it has been read.
    var notices: [AudioNotice] { get }

    /// How many stretches between two frames can't be decoded, and the frame of the first; nil if none.
    func damage(in frames: Range<Int>) -> (count: Int, first: Int)?

    /// What only the end shows about the container's length.
    func lengthAtEnd() throws(AudioError.Reason) -> LengthFinding?

    /// Makes `frame` the next to be read.
    func seek(to frame: Int) throws(AudioError.Reason)

    /// Decodes at most `limit` frames, at least one unless the file ends here; interleaved.
    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float]
}

extension AudioFile {
    var declaredFrameCount: Int? { nil }
    var lengths: [ContainerLength] { [] }
    var isExact: Bool { true }
    var notices: [AudioNotice] { [] }

    func lengthAtEnd() throws(AudioError.Reason) -> LengthFinding? { nil }

    func damage(in frames: Range<Int>) -> (count: Int, first: Int)? { nil }

    /// How many stretches of the file can't be decoded, and the frame of the first; nil if none.
    var damage: (count: Int, first: Int)? { damage(in: 0..<Int.max) }
}

extension InputFile {
    /// Opens its audio with the decoder that its content asks for.
    func audio() throws(AudioError.Reason) -> any AudioFile {
        if let stream = try MPEGStream(self) { return try MPEGFile(stream) }
        // Some writers put ID3 before other formats too.
        let tags = try MetadataTag.end(of: 0, in: ByteWindow(self))
        let view = FileView(self, (tags < byteCount ? tags : 0)..<byteCount)
        // libsndfile would take them for MPEG audio by that alone.
        let start = try view.bytes(2, at: 0)
        let isSync = start.count == 2 && start[0] == 0xFF && start[1] >= 0xE0
        do throws(AudioError.Reason) {
            if isSync { throw .notAudio }
            return try container(view)
        } catch {
            guard error == .notAudio, let stream = try MPEGStream(self, behindJunk: true) else { throw error }
            return try MPEGFile(stream)
        }
    }

    private func container(_ view: FileView) throws(AudioError.Reason) -> any AudioFile {
        if let stream = try oggStream() { return try stream.audio(in: self) }
        guard let extent = try AudioExtent(view) else { return try SoundFile(view) }
        guard extent.next != nil else { return try SoundFile(view, extent) }
        return try ChainedFile(joined: view, first: extent)
    }
}
