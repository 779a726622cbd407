/// What the silent first frame of many MP3 files holds: how long the stream is, and what an encoder added to it.
struct MPEGLengthTag {
    /// How many MPEG frames follow; nil if it doesn't say.
    let frameCount: Int?
    /// How many bytes the stream has with this frame; nil if it doesn't say.
    let byteCount: Int?
    /// How many samples the encoder added at the beginning and at the end; nil if it doesn't say.
    let added: (start: Int, end: Int)?

    /// Nil if the frame has no tag. In any but the file's first frame, what precedes the tag must be zero.
    init?(_ frame: ArraySlice<UInt8>, header: MPEGFrameHeader, isFirst: Bool) {
        guard header.layer == 3 else { return nil }
        let bytes = Array(frame)
        // It lies behind the side information; some writers pass over the checksum, others don't.
        for offset in [header.overhead, header.overhead - header.sideInformation + 4] {
            guard bytes.count >= offset + 8, isFirst || bytes[header.sideInformation..<offset].allSatisfy({ $0 == 0 })
            else { continue }
            let name = bytes[offset..<offset + 4]
            guard name.elementsEqual("Xing".utf8) || name.elementsEqual("Info".utf8) else { continue }
            self.init(xing: bytes, at: offset)
            return
        }
        // That of Fraunhofer's encoders lies at the same place in every stream.
        guard bytes.count >= 54, bytes[36..<40].elementsEqual("VBRI".utf8) else { return nil }
        self.init(vbri: bytes)
    }

    private init(vbri bytes: [UInt8]) {
        byteCount = Self.positive(bytes[46..<50])
        frameCount = Self.positive(bytes[50..<54])
        added = nil
    }

    private init(xing bytes: [UInt8], at start: Int) {
        let flags = bytes[start + 7]
        var offset = start + 8
        func field(_ bit: UInt8, _ count: Int) -> ArraySlice<UInt8> {
            guard flags & bit != 0 else { return [] }
            defer { offset += count }
            return bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]
        }
        frameCount = Self.positive(field(1, 4))
        byteCount = Self.positive(field(2, 4))
        // Where to seek, and the quality.
        _ = field(4, 100)
        _ = field(8, 4)
        // The encoder's name, 17 bytes of settings, then what was added, in 12 bits each.
        guard bytes.count >= offset + 24, bytes[offset] != 0 else {
            added = nil
            return
        }
        let value = bytes[offset + 21..<offset + 24].reduce(0) { $0 << 8 | Int($1) }
        added = (value >> 12, value & 0xFFF)
    }

    private static func positive(_ bytes: ArraySlice<UInt8>) -> Int? {
        let value = bytes.reduce(0) { $0 << 8 | Int($1) }
        return value > 0 ? value : nil
    }
}
