/// What precedes the audio of a layer III frame (ISO/IEC 11172-3, 2.4.1.7, and 13818-3): how it is coded.
enum MPEGSideInformation {
    /// Whether the audio can be as the frame says. What a decoder finds otherwise is noise, or nothing.
    static func isPlausible(_ frame: ArraySlice<UInt8>, of header: MPEGFrameHeader, byteCount: Int) -> Bool {
        guard header.layer == 3 else { return true }
        guard frame.count >= header.overhead, byteCount >= header.overhead else { return false }
        var bits = BitReader(frame.dropFirst(header.sideInformation))
        let isMono = header.channelCount == 1
        // Where the audio begins, in bytes before the frame; private bits.
        let before = bits.next(header.isVersion1 ? 9 : 8)
        _ = bits.next(header.isVersion1 ? (isMono ? 5 : 3) : (isMono ? 1 : 2))
        if header.isVersion1 { _ = bits.next(4 * header.channelCount) }
        var length = 0
        for _ in 0..<(header.isVersion1 ? 2 : 1) * header.channelCount {
            length += bits.next(12)
            guard bits.next(9) <= 288 else { return false }
            _ = bits.next(8 + (header.isVersion1 ? 4 : 9))
            if bits.next(1) == 1 {
                // Block type 0 is that of granules without the flag.
                guard bits.next(2) != 0 else { return false }
                _ = bits.next(1 + 10 + 9)
            } else {
                _ = bits.next(15 + 7)
            }
            _ = bits.next(header.isVersion1 ? 3 : 2)
        }
        return length <= 8 * (before + byteCount - header.overhead)
    }
}

/// Numbers of 1 to 25 bits each, the highest bit first.
private struct BitReader {
    private let bytes: ArraySlice<UInt8>
    private var position = 0

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Zeros follow the last byte.
    mutating func next(_ count: Int) -> Int {
        let rest = bytes.dropFirst(position / 8)
        var word: UInt32 = 0
        for index in rest.startIndex..<rest.startIndex + 4 {
            word = word << 8 | (index < rest.endIndex ? UInt32(rest[index]) : 0)
        }
        defer { position += count }
        return Int((word << UInt32(position % 8)) >> UInt32(32 - count))
    }
}
