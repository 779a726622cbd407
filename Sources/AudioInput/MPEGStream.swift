/// MPEG audio in a file: which frames it has, and what its tags say about them.
///
/// MPEG audio is a row of frames without a length; what tags say about it is often wrong. So all frames are found when
/// the file is opened.
struct MPEGStream {
    /// Walks the frames from the first one on; some of them may be tags.
    let frames: MPEGFrames
    /// Where the frames with audio begin whose numbers are multiples of ``interval``.
    private(set) var places: [Int] = []
    /// How many MPEG frames have audio.
    private(set) var count = 0
    /// Those before which something is missing, and those that can't be right.
    private(set) var damaged: [Int] = []
    private(set) var tags: [MPEGLengthTag] = []
    private(set) var end = MPEGFrames.End.clean
    /// What a WAV file around it says about its length.
    let length: LengthFinding?
    private let start: Int

    /// Decoding may begin at each multiple of it.
    static let interval = 8

    /// How many bytes behind the last frame are neither tags nor zeros.
    private(set) var further = 0

    /// Nil for other files. Frames behind junk are looked for in files that are of no other format.
    init?(_ file: InputFile, behindJunk: Bool = false) throws(AudioError.Reason) {
        let location =
            behindJunk ? try MPEGLocation.framesBehindJunk(in: file) : try MPEGLocation.frames(in: file)
        guard let found = location else { return nil }
        frames = found
        start = found.offset
        let isWAV = try found.bytes.has("RIFF", at: 0)
        length = isWAV ? try AudioExtent(FileView(file, 0..<file.byteCount))?.length : nil
        var rest = found
        var isFirst = true
        while let frame = try rest.next() {
            defer { isFirst = false }
            let beginning = try frames.bytes.bytes(min(frame.byteCount, 192), at: frame.offset)
            if let tag = MPEGLengthTag(beginning, header: frame.header, isFirst: isFirst) {
                tags.append(tag)
                continue
            }
            if count % Self.interval == 0 { places.append(frame.offset) }
            let isDamaged =
                frame.followsGap
                || !MPEGSideInformation.isPlausible(beginning, of: frame.header, byteCount: frame.byteCount)
            if isDamaged { damaged.append(count) }
            count += 1
        }
        end = rest.end ?? .clean
        guard end == .clean else { return }
        let last = min(try MetadataTag.end(of: rest.offset, in: frames.bytes), frames.bytes.end)
        let view = FileView(file, last..<frames.bytes.end)
        if try !view.isZero(from: 0), try !view.has("LYRICSBEGIN", at: 0) { further = view.byteCount }
    }

    /// How many MPEG frames the tags promise; nil if one of them doesn't say or if there is none.
    var declaredCount: Int? {
        let counts = tags.compactMap(\.frameCount)
        return counts.isEmpty || counts.count < tags.count ? nil : counts.reduce(0, +)
    }

    /// Whether the file ends before its frames do, by more than a tag may be wrong.
    var isTruncated: Bool {
        guard let declaredCount, count < declaredCount, end != .otherFormat else { return false }
        let bytes = tags.compactMap(\.byteCount).reduce(0, +)
        let bytesAreMissing = bytes == 0 || bytes > frames.bytes.end - start
        return bytesAreMissing && (end == .incomplete || count < declaredCount - 2)
    }

    /// The samples that an encoder added, as a part of all: those before and those behind the recording.
    var added: (start: Int, end: Int) {
        guard let added = tags.first?.added else { return (0, 0) }
        let all = count * frames.header.samplesPerFrame
        let first = min(all, added.start + Self.decoderDelay)
        // Where files were joined, the first tag knows nothing of the end.
        guard tags.count == 1, let declared = declaredCount, count <= declared else { return (first, 0) }
        let last = declared * frames.header.samplesPerFrame - max(0, added.end - Self.decoderDelay)
        return (first, all - max(first, min(all, last)))
    }

    /// What every decoder of layer III adds at the beginning, in samples.
    static let decoderDelay = 529
}
