/// The bytes of a file, a stretch of which is kept in memory at a time.
final class ByteWindow {
    /// Where the bytes end that may be read.
    let end: Int
    private let file: InputFile
    private var bytes: [UInt8] = []
    private var start = 0

    private static let length = 1 << 16

    /// The first `end` bytes of a file, or all if there are fewer.
    init(_ file: InputFile, end: Int = .max) {
        self.file = file
        self.end = min(end, file.byteCount)
    }

    /// The bytes from an offset on, fewer than `count` if the file ends before.
    func bytes(_ count: Int, at offset: Int) throws(AudioError.Reason) -> ArraySlice<UInt8> {
        guard offset >= 0, offset < end, count > 0 else { return [] }
        let wanted = min(count, end - offset)
        if offset < start || offset + wanted > start + bytes.count {
            start = offset
            bytes = try file.read(min(max(wanted, Self.length), end - offset), at: offset)
        }
        let first = offset - start
        return bytes[first..<min(first + wanted, bytes.count)]
    }

    /// Four bytes from an offset on, the first one in the highest place; nil if the file ends before.
    func word(at offset: Int) throws(AudioError.Reason) -> UInt32? {
        let bytes = try bytes(4, at: offset)
        return bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }

    /// Whether a text lies at an offset.
    func has(_ text: String, at offset: Int) throws(AudioError.Reason) -> Bool {
        try bytes(text.utf8.count, at: offset).elementsEqual(text.utf8)
    }

    /// The first place from an offset on that has this byte; nil if none has.
    func first(_ byte: UInt8, from offset: Int) throws(AudioError.Reason) -> Int? {
        var offset = offset
        while offset < end {
            let piece = try bytes(Self.length, at: offset)
            if piece.isEmpty { return nil }
            if let index = piece.firstIndex(of: byte) { return offset + index - piece.startIndex }
            offset += piece.count
        }
        return nil
    }
}
