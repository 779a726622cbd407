/// Walks the frames of MPEG audio, over whatever else lies between them.
struct MPEGFrames {
    /// A frame, and what came before it.
    struct Frame {
        let offset: Int
        let byteCount: Int
        let header: MPEGFrameHeader
        /// Whether bytes before it are neither a frame nor a tag.
        let followsGap: Bool
    }

    /// How the frames end.
    enum End {
        case clean
        /// Within a frame.
        case incomplete
        /// Frames of another rate or number of channels follow.
        case otherFormat
    }

    let bytes: ByteWindow
    /// That of the first frame.
    let header: MPEGFrameHeader
    /// How many bytes a frame without padding has, with a free bit rate.
    let freeSize: Int?
    /// Where the next frame is expected.
    private(set) var offset: Int
    /// Set after the last frame.
    private(set) var end: End?

    /// Frames that begin at an offset. There must be `count` in a row, or as many as reach up to the end or a tag.
    init?(_ bytes: ByteWindow, at offset: Int, count: Int) throws(AudioError.Reason) {
        guard let header = try bytes.word(at: offset).flatMap(MPEGFrameHeader.init) else { return nil }
        self.bytes = bytes
        self.header = header
        self.offset = offset
        freeSize = header.byteCount == nil ? try Self.freeSize(bytes, at: offset, header) : nil
        guard try isRow(of: count, at: offset) else { return nil }
    }

    /// Continues at another frame of the same stream.
    func from(_ offset: Int) -> MPEGFrames {
        var frames = self
        frames.offset = offset
        frames.end = nil
        return frames
    }

    /// Nil after the last frame.
    mutating func next() throws(AudioError.Reason) -> Frame? {
        guard end == nil else { return nil }
        let expected = offset
        if let frame = try frame(at: offset, followsGap: false) { return pass(frame) }
        if try size(at: offset) != nil {
            end = .incomplete
            return nil
        }
        let start = try MetadataTag.end(of: offset, in: bytes)
        if start > expected, let frame = try frame(at: start, followsGap: false) { return pass(frame) }
        // A tag that says too small a size leaves a gap too, but no audio is lost with it.
        var place = start > expected && start < bytes.end ? start : expected
        while let next = try bytes.first(0xFF, from: place) {
            if try isRow(of: 2, at: next), let frame = try frame(at: next, followsGap: start == expected) {
                return pass(frame)
            }
            if try MPEGFrames(bytes, at: next, count: 4)?.header.continues(header) == false {
                end = .otherFormat
                return nil
            }
            place = next + 1
        }
        end = .clean
        return nil
    }

    private mutating func pass(_ frame: Frame) -> Frame {
        offset = frame.offset + frame.byteCount
        return frame
    }

    private func frame(at offset: Int, followsGap: Bool) throws(AudioError.Reason) -> Frame? {
        guard let header = try bytes.word(at: offset).flatMap(MPEGFrameHeader.init), header.continues(self.header),
            let count = header.byteCount ?? freeSize.map({ $0 + header.padding }), offset + count <= bytes.end
        else { return nil }
        return Frame(offset: offset, byteCount: count, header: header, followsGap: followsGap)
    }

    /// How many bytes the frame at an offset has, whether they are there or not; nil if none begins there.
    private func size(at offset: Int) throws(AudioError.Reason) -> Int? {
        guard let header = try bytes.word(at: offset).flatMap(MPEGFrameHeader.init), header.continues(self.header)
        else { return nil }
        return header.byteCount ?? freeSize.map { $0 + header.padding }
    }

    private func isRow(of count: Int, at start: Int) throws(AudioError.Reason) -> Bool {
        var offset = start
        for index in 0..<count {
            guard let size = try size(at: offset) else {
                if index == 0 { return false }
                return offset == bytes.end ? true : try MetadataTag.byteCount(in: bytes, at: offset) != nil
            }
            offset += size
        }
        return true
    }

    /// The distance to the next frame, if it is that to the one after it too.
    private static func freeSize(
        _ bytes: ByteWindow, at start: Int, _ header: MPEGFrameHeader
    ) throws(AudioError.Reason) -> Int? {
        func following(at offset: Int) throws(AudioError.Reason) -> MPEGFrameHeader? {
            guard let next = try bytes.word(at: offset).flatMap(MPEGFrameHeader.init), next.continues(header) else {
                return nil
            }
            return next
        }
        var place = start + header.overhead
        while let next = try bytes.first(0xFF, from: place), next - start <= MPEGFrameHeader.largestFrame {
            let size = next - start - header.padding
            if let second = try following(at: next) {
                let after = next + size + second.padding
                let isRow = after == bytes.end ? true : try following(at: after) != nil
                if isRow { return size }
            }
            place = next + 1
        }
        return nil
    }
}
