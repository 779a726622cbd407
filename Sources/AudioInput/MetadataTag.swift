/// Tags with names and pictures that lie before, between and behind MPEG frames: ID3 (versions 1 and 2) and APE.
enum MetadataTag {
    /// How many bytes the tag at an offset says it has; nil if none begins there.
    static func byteCount(in bytes: ByteWindow, at offset: Int) throws(AudioError.Reason) -> Int? {
        if try bytes.has("ID3", at: offset) {
            let header = Array(try bytes.bytes(10, at: offset))
            // The size has seven bits in each byte.
            guard header.count == 10, header[3] < 0xFF, header[6...].allSatisfy({ $0 < 0x80 }) else { return nil }
            let size = header[6...].reduce(0) { $0 << 7 | Int($1) }
            let hasFooter = header[5] & 0x10 != 0
            return 10 + size + (hasFooter ? 10 : 0)
        }
        if try bytes.has("APETAGEX", at: offset) {
            let header = Array(try bytes.bytes(32, at: offset))
            guard header.count == 32 else { return nil }
            let isFooter = header[23] & 0x20 == 0
            let size = header[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
            return 32 + (isFooter ? 0 : size)
        }
        return try bytes.has("TAG", at: offset) ? 128 : nil
    }

    /// Where the tags end that lie at an offset, one behind the other.
    static func end(of offset: Int, in bytes: ByteWindow) throws(AudioError.Reason) -> Int {
        var offset = offset
        while let count = try byteCount(in: bytes, at: offset) { offset += count }
        return offset
    }
}
