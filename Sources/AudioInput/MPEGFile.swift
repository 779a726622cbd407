/// A file of MPEG audio (MP3, MP2, MP1), open at a frame, which here is one sample of each channel.
///
/// A frame has the same samples, bit for bit, however the decoder comes to it: at fixed MPEG
/// frames it begins again, with as many frames before them as they depend on. (The library rounds sums in an order that depends
/// on all that it has decoded; the differences are below 1e-7.)
final class MPEGFile: AudioFile {
    let channelCount: Int
    let sampleRate: Int
    let frameCount: Int?
    let declaredFrameCount: Int?
    let isSeekable = true
    let isExact = true
    let lengths: [ContainerLength]
    let notices: [AudioNotice]
    private(set) var position = 0

    private let stream: MPEGStream
    private let decoder: MPEGDecoder
    private var frames: MPEGFrames
    /// The number of the MPEG frame that the decoder gets next.
    private var nextFrame = 0
    /// What is left of the MPEG frames that were decoded, interleaved.
    private var decoded: ArraySlice<Float> = []
    /// How many frames were decoded, but lie before `position`.
    private var ahead: Int
    /// How many frames can be decoded.
    private let available: Int

    /// After as many MPEG frames, the decoder begins again; a multiple of `MPEGStream.interval`.
    private static let section = 64

    private var samplesPerFrame: Int { stream.frames.header.samplesPerFrame }

    init(_ stream: MPEGStream) throws(AudioError.Reason) {
        self.stream = stream
        let header = stream.frames.header
        frames = stream.frames
        channelCount = header.channelCount
        sampleRate = header.sampleRate
        decoder = try MPEGDecoder(header, freeSize: stream.frames.freeSize)
        let added = stream.added
        ahead = added.start
        available = stream.count * header.samplesPerFrame - added.start - added.end
        declaredFrameCount = stream.declaredCount.map { count in
            let last = stream.tags.count == 1 ? stream.tags.first?.added?.end ?? 0 : 0
            return max(0, count * header.samplesPerFrame - added.start - max(0, last - MPEGStream.decoderDelay))
        }
        let duration = Double(available) / Double(header.sampleRate)
        lengths = (stream.length.map { [.finding($0, duration: duration)] }) ?? []
        notices =
            switch stream.end {
            case .incomplete where declaredFrameCount == nil: [.incompleteEnd]
            case _ where stream.further > 0: [.furtherBytes(stream.further)]
            default: []
            }
        // To what can't be decoded only reading leads.
        frameCount = stream.end == .otherFormat ? nil : stream.isTruncated ? declaredFrameCount : available
    }

    func damage(in frames: Range<Int>) -> (count: Int, first: Int)? {
        let start = stream.added.start
        let positions = stream.damaged.lazy.map { [samplesPerFrame] in max(0, $0 * samplesPerFrame - start) }
        let found = positions.filter { frames.contains($0) }
        return found.first.map { (found.count, $0) }
    }

    func seek(to frame: Int) throws(AudioError.Reason) {
        let target = stream.added.start + min(frame, available)
        let number = target / samplesPerFrame
        let start = number / Self.section * Self.section
        if number < nextFrame || start > nextFrame { nextFrame = start }
        decoded = []
        ahead = target - nextFrame * samplesPerFrame
        position = min(frame, available)
    }

    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        let wanted = max(0, min(limit, 1 << 15, available - position)) * channelCount
        var samples: [Float] = []
        samples.reserveCapacity(wanted)
        while samples.count < wanted {
            if decoded.isEmpty, try !decodeNext() { break }
            let count = min(wanted - samples.count, decoded.count)
            samples += decoded.prefix(count)
            decoded = decoded.dropFirst(count)
        }
        position += samples.count / channelCount
        if samples.isEmpty, limit > 0, stream.end == .otherFormat {
            throw .damaged(
                position: Double(position) / Double(sampleRate), "its sample rate or number of channels changes")
        }
        return samples
    }

    /// Decodes the next MPEG frame; false if there is none.
    private func decodeNext() throws(AudioError.Reason) -> Bool {
        guard nextFrame < stream.count else { return false }
        if nextFrame % Self.section == 0 { try begin(at: nextFrame) }
        guard let bytes = try nextBytes() else { return false }
        nextFrame += 1
        // Otherwise the decoder would have to copy what nobody reads any more.
        decoded = []
        let samples = decoder.decode(bytes)
        let skipped = min(ahead, samplesPerFrame)
        ahead -= skipped
        decoded = samples.dropFirst(skipped * channelCount)
        return true
    }

    /// Those of the next MPEG frame with audio.
    private func nextBytes() throws(AudioError.Reason) -> ArraySlice<UInt8>? {
        while let frame = try frames.next() {
            let bytes = try frames.bytes.bytes(frame.byteCount, at: frame.offset)
            guard bytes.count == frame.byteCount else { return nil }
            let isFirst = frame.offset == stream.frames.offset
            if MPEGLengthTag(bytes.prefix(192), header: frame.header, isFirst: isFirst) == nil { return bytes }
        }
        return nil
    }

    /// Prepares for the first MPEG frame of a section: decodes what it and those after it depend on,
    /// which is the two frames before, and as much audio before these as they may refer to, 511 bytes.
    private func begin(at number: Int) throws(AudioError.Reason) {
        try decoder.restart()
        var index = number / MPEGStream.interval
        var before = 0
        var isEnough = false
        while !isEnough {
            index = max(0, index - 1)
            frames = stream.frames.from(index == 0 ? stream.frames.offset : stream.places[index])
            before = number - index * MPEGStream.interval
            isEnough = index == 0 ? true : try reservoir(of: before - 3) >= 511
        }
        for _ in 0..<before {
            guard let bytes = try nextBytes() else { return }
            _ = decoder.decode(bytes)
        }
    }

    /// How many bytes of audio the next `count` frames have.
    private func reservoir(of count: Int) throws(AudioError.Reason) -> Int {
        var walk = frames
        var bytes = 0
        for _ in 0..<count {
            guard let frame = try walk.next() else { break }
            bytes += max(0, frame.byteCount - frame.header.overhead)
        }
        return bytes
    }
}
