/// An MP3 file as libsndfile should see it.
///
/// An MP3 file is a row of frames without a length. Most encoders put the length into a first frame that is silent (the
/// Xing or Info tag). Without it, libsndfile guesses from the first frame's bit rate and never reads further, so that a
/// file of variable bit rate would be cut short without an error. Such a file gets a tag in front that promises more
/// frames than there can be, and is then read to its true end.
struct MPEGStream {
    let file: InputFile
    /// Whether the number of frames that libsndfile finds is to be relied on.
    let hasExactLength: Bool

    /// Any other file stays as it is.
    init(_ original: InputFile) throws(AudioError.Reason) {
        let start = try Self.audioStart(original)
        guard let first = MPEGFrameHeader(try original.read(4, at: start)),
            MPEGFrameHeader(try original.read(4, at: start + first.byteCount)) != nil
        else {
            file = original
            hasExactLength = true
            return
        }
        let tagTellsLength = Self.lengthTag(try original.read(first.byteCount, at: start))
        guard first.isLayer3, tagTellsLength == nil else {
            file = original
            hasExactLength = tagTellsLength == true
            return
        }
        hasExactLength = false
        let mostFrames = original.byteCount / MPEGFrameHeader.smallestFrame + 1
        file = try original.copy(from: start, behind: first.silence(frameCount: UInt32(clamping: mostFrames)))
    }

    /// Behind the ID3 tag, if there is one.
    private static func audioStart(_ file: InputFile) throws(AudioError.Reason) -> Int {
        let header = try file.read(10, at: 0)
        guard header.count == 10, header.starts(with: "ID3".utf8) else { return 0 }
        // The size has seven bits in each byte.
        let size = header[6...].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
        let hasFooter = header[5] & 0x10 != 0
        return 10 + size + (hasFooter ? 10 : 0)
    }

    /// Whether the frame's tag has the number of frames; `nil` if it has no tag.
    private static func lengthTag(_ frame: [UInt8]) -> Bool? {
        // It lies behind the header and at most 32 bytes of side information.
        let area = frame.prefix(48)
        let name = area.indices.dropLast(8).first { start in
            area[start...].starts(with: "Xing".utf8) || area[start...].starts(with: "Info".utf8)
        }
        return name.map { area[$0 + 7] & 1 != 0 }
    }
}

/// The four bytes that each frame of an MPEG audio file begins with (ISO/IEC 11172-3, 2.4.1.3, and 13818-3).
struct MPEGFrameHeader {
    /// No frame of layer III is shorter than one of 8 kbit/s at 24 kHz.
    static let smallestFrame = 24

    let isLayer3: Bool
    /// Of the whole frame.
    let byteCount: Int
    private let isVersion1: Bool
    private let isMono: Bool
    private let bytes: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 4, bytes[0] == 0xFF, bytes[1] & 0xE0 == 0xE0 else { return nil }
        let version = bytes[1] >> 3 & 3
        let layer = 4 - Int(bytes[1] >> 1 & 3)
        let rateIndex = Int(bytes[2] >> 2 & 3)
        guard version != 1, layer < 4, rateIndex < 3 else { return nil }
        isVersion1 = version == 3
        isLayer3 = layer == 3
        isMono = bytes[3] >> 6 == 3
        self.bytes = bytes

        let kilobits = Self.kilobits(version1: isVersion1, layer: layer)[Int(bytes[2] >> 4)]
        guard kilobits > 0 else { return nil }
        let rate = [44_100, 48_000, 32_000][rateIndex] >> (isVersion1 ? 0 : version == 2 ? 1 : 2)
        let padding = Int(bytes[2] >> 1 & 1)
        byteCount =
            switch layer {
            case 1: (12_000 * kilobits / rate + padding) * 4
            case 3 where !isVersion1: 72_000 * kilobits / rate + padding
            default: 144_000 * kilobits / rate + padding
            }
    }

    /// Two silent frames of layer III like this one: a tag that gives the number of frames, and one to be trimmed.
    ///
    /// A decoder that trusts a tag also trims the start: the encoder's delay, which the tag gives, and its own, which is
    /// 529 samples for every layer III decoder. Together they are made to be the second frame, so that what follows is
    /// decoded from its first sample on.
    func silence(frameCount: UInt32) -> [UInt8] {
        let decoderDelay = 529
        let encoderDelay = (isVersion1 ? 1152 : 576) - decoderDelay
        let sideInformation = [UInt8](repeating: 0, count: isVersion1 ? (isMono ? 17 : 32) : (isMono ? 9 : 17))
        // A bit set that says that the number of frames follows.
        var tag = Array("Xing".utf8) + bigEndian(1, count: 4) + bigEndian(Int(frameCount), count: 4)
        // LAME's part: its name, 17 bytes of settings, then the delay and the padding at the end in 12 bits each.
        tag += Array("LAME".utf8) + [UInt8](repeating: 0, count: 17) + bigEndian(encoderDelay << 12, count: 3)
        // Bit rate index 9 (128 or 80 kbit/s) leaves room for the tag; index 1 (32 or 8) is the smallest frame.
        return frame(bitRateIndex: 9, sideInformation + tag) + frame(bitRateIndex: 1, sideInformation)
    }

    /// A frame without padding and checksum.
    private func frame(bitRateIndex: UInt8, _ content: [UInt8]) -> [UInt8] {
        let header = [0xFF, bytes[1] | 1, bitRateIndex << 4 | bytes[2] & 0x0C, bytes[3]]
        let size = MPEGFrameHeader(header)?.byteCount ?? 0
        return header + content + [UInt8](repeating: 0, count: max(0, size - header.count - content.count))
    }

    private func bigEndian(_ value: Int, count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// Bit rates by index; 0 if the index is not to be used.
    private static func kilobits(version1: Bool, layer: Int) -> [Int] {
        switch (version1, layer) {
        case (true, 1): [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0]
        case (true, 2): [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0]
        case (true, _): [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
        case (false, 1): [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0]
        case (false, _): [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
        }
    }
}
