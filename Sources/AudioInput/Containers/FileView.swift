/// A stretch of a file, read as if it were a file by itself, with some of its bytes replaced.
final class FileView {
    let file: InputFile
    /// Where it lies in the file.
    let range: Range<Int>
    private let window: ByteWindow
    private var patches: [(offset: Int, bytes: [UInt8])] = []

    var byteCount: Int { range.count }

    /// - Precondition: `range` lies in the file.
    init(_ file: InputFile, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= file.byteCount)
        self.file = file
        self.range = range
        window = ByteWindow(file, end: range.upperBound)
    }

    /// The part of it up to an offset, with these bytes in place of those that are there.
    func part(upTo end: Int, patches: [(offset: Int, bytes: [UInt8])]) -> FileView {
        let view = FileView(file, range.lowerBound..<range.lowerBound + max(0, min(end, byteCount)))
        view.patches = patches
        return view
    }

    /// What lies from an offset on.
    func rest(from offset: Int) -> FileView {
        FileView(file, range.lowerBound + max(0, min(offset, byteCount))..<range.upperBound)
    }

    /// The bytes from an offset on, fewer than `count` if it ends before.
    func bytes(_ count: Int, at offset: Int) throws(AudioError.Reason) -> [UInt8] {
        guard offset >= 0, offset < byteCount, count > 0 else { return [] }
        var bytes = Array(try window.bytes(min(count, byteCount - offset), at: range.lowerBound + offset))
        for patch in patches {
            for (index, byte) in patch.bytes.enumerated() {
                let place = patch.offset + index - offset
                if bytes.indices.contains(place) { bytes[place] = byte }
            }
        }
        return bytes
    }

    /// Whether a text lies at an offset.
    func has(_ text: String, at offset: Int) throws(AudioError.Reason) -> Bool {
        try bytes(text.utf8.count, at: offset).elementsEqual(text.utf8)
    }

    /// An integer without a sign; nil if the view ends before it does.
    func integer(_ count: Int, at offset: Int, bigEndian: Bool) throws(AudioError.Reason) -> UInt64? {
        let bytes = try bytes(count, at: offset)
        guard bytes.count == count else { return nil }
        return (bigEndian ? bytes : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether there are only zeros from an offset on.
    func isZero(from start: Int) throws(AudioError.Reason) -> Bool {
        var offset = start
        while offset < byteCount {
            let piece = try bytes(1 << 16, at: offset)
            guard !piece.isEmpty, piece.allSatisfy({ $0 == 0 }) else { return false }
            offset += piece.count
        }
        return true
    }
}
