/// Where a container's audio lies, by its header and by what is there.
///
/// libsndfile reads what there is without an error, and a recording cut short by a failed copy would be scored as if it
/// were whole. Formats that give the number of frames (FLAC, MPEG) are checked when they are read.
///
/// PVF, PAF and IRCAM files declare no length, so that nothing shows whether one of them is whole. Each has a notice.
struct AudioExtent {
    /// In bytes; nil if all is as it should be.
    var length: LengthFinding?
    /// The format, if it declares no length.
    var unmeasured: String?
    /// Where libsndfile is to see the file's end, if not where it is.
    var end: Int?
    /// What libsndfile is to see in place of a length that is wrong.
    var patches: [(offset: Int, bytes: [UInt8])] = []
    /// Where another recording of the same format begins.
    var next: Int?

    init() {}

    /// Nil for a format whose container isn't known.
    init?(_ view: FileView) throws(AudioError.Reason) {
        let chunks: ChunkLayout? =
            switch String(decoding: try view.bytes(4, at: 0), as: UTF8.self) {
            case "RIFF": .riff
            case "RF64": .rf64
            case "RIFX": .rifx
            case "riff": .wave64
            case "caff": .coreAudio
            case "FORM": try view.has("AIF", at: 8) ? .aiff : .svx
            default: nil
            }
        if let chunks {
            self = try ChunkedAudio(view: view, layout: chunks).extent()
        } else if let extent = try Self.fixed(view) {
            self = extent
        } else {
            return nil
        }
    }

    /// The extent of audio whose header gives its length in bytes, and behind which nothing is expected.
    init(_ view: FileView, content: Int, declared: Int) throws(AudioError.Reason) {
        let available = max(0, view.byteCount - content)
        let tail = try view.isZero(from: min(view.byteCount, content + min(declared, available)))
        let further = tail ? 0 : max(0, available - declared)
        if declared != available, declared > available || further > 0 {
            length = LengthFinding(
                unit: .bytes, declared: declared, found: min(declared, available), further: further)
        }
        if declared < available { end = content + declared }
    }

    /// Whether a size is none: about the largest of 31 or 32 bits, or a round number far beyond the file, which a writer
    /// puts where it doesn't know the length, because it writes to a pipe or hasn't finished. Any other size may be that
    /// of a recording that is cut short, however little is left of it.
    static func isPlaceholder(_ size: UInt64, available: Int) -> Bool {
        guard size > UInt64(available) else { return false }
        if size >= 1 << 62 || marks.contains(where: { $0.contains(size) }) { return true }
        let isFarBeyond = size / 100 > UInt64(available)
        if isFarBeyond, marks[0].lowerBound...marks[1].upperBound ~= size { return true }
        // The size of a header may have been taken off.
        return [0, 1, 8, 36, 44].contains { (header: UInt64) in
            let size = size + header
            if size >= 1_000_000_000 { return size.isMultiple(of: 1_000_000) || size.nonzeroBitCount == 1 }
            return isFarBeyond && size >= 1 << 24 && size.nonzeroBitCount == 1
        }
    }

    private static let marks: [ClosedRange<UInt64>] = [0x7F00_0000...0x8000_0000, 0xFF00_0000...0xFFFF_FFFF]
}
