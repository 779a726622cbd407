/// Finds files whose header promises more audio than they hold. libsndfile reads what there is without an error, and a
/// recording cut short by a failed copy would be scored as if it were whole.
///
/// Formats that give the number of frames (FLAC, MP3) are checked when they are read.
struct TruncationCheck {
    let file: InputFile

    /// - Throws: `.truncated`.
    func check() throws(AudioError.Reason) {
        let start = try file.read(12, at: 0)
        switch String(decoding: start.prefix(4), as: UTF8.self) {
        case "RIFF", "RF64": try chunks(.riff)
        case "RIFX": try chunks(.rifx)
        case "riff": try chunks(.wave64)
        case "FORM": try chunks(.aiff)
        case "caff": try chunks(.coreAudio)
        case ".snd": try sunAudio(start)
        case "OggS": try lastOggPage()
        default: break
        }
    }

    /// How a format lays out its chunks: each has a name, a size and content.
    private struct ChunkLayout {
        /// The name of the chunk with the audio.
        var audio: String
        var firstChunk = 12
        var nameSize = 4
        var sizeSize = 4
        var bigEndian = false
        /// Chunks start at multiples of this.
        var alignment = 2
        /// Whether a chunk's size counts its name and size too.
        var countsHeader = false

        static let riff = ChunkLayout(audio: "data")
        static let rifx = ChunkLayout(audio: "data", bigEndian: true)
        static let aiff = ChunkLayout(audio: "SSND", bigEndian: true)
        static let coreAudio = ChunkLayout(audio: "data", firstChunk: 8, sizeSize: 8, bigEndian: true, alignment: 1)
        /// Names are GUIDs that begin with RIFF's names.
        static let wave64 = ChunkLayout(
            audio: "data", firstChunk: 40, nameSize: 16, sizeSize: 8, alignment: 8, countsHeader: true)
    }

    private func compare(declared: Int, from offset: Int) throws(AudioError.Reason) {
        let found = max(0, file.byteCount - offset)
        guard declared <= found else { throw .truncated(declared: declared, found: found, unit: .bytes) }
    }

    /// Walks the chunks up to the one with the audio.
    private func chunks(_ layout: ChunkLayout) throws(AudioError.Reason) {
        let headerSize = layout.nameSize + layout.sizeSize
        var offset = layout.firstChunk
        var largeSize: UInt64?
        while true {
            let header = try file.read(headerSize, at: offset)
            guard header.count == headerSize else { return }
            let content = offset + headerSize
            var size = integer(header[layout.nameSize...], bigEndian: layout.bigEndian)
            if layout.countsHeader { size -= min(size, UInt64(headerSize)) }
            switch String(decoding: header.prefix(4), as: UTF8.self) {
            case layout.audio:
                // The largest sizes mean that the writer did not know, because it wrote to a pipe; in a 64-bit WAV file,
                // that an earlier chunk has the size.
                let isUnknown = size >= (layout.sizeSize == 4 ? 0x7F00_0000 : 1 << 62)
                guard let declared = isUnknown ? largeSize : size else { return }
                return try compare(declared: Int(clamping: declared), from: content)
            case "ds64":
                largeSize = integer(try file.read(8, at: content + 8)[...], bigEndian: false)
            default: break
            }
            guard size <= UInt64(file.byteCount) else { return }
            offset = content + Int(size)
            offset += (layout.alignment - offset % layout.alignment) % layout.alignment
        }
    }

    private func sunAudio(_ start: [UInt8]) throws(AudioError.Reason) {
        guard start.count == 12 else { return }
        let offset = integer(start[4..<8], bigEndian: true)
        let size = integer(start[8..<12], bigEndian: true)
        let isUnknown = size == UInt32.max
        if !isUnknown { try compare(declared: Int(size), from: Int(offset)) }
    }

    /// A page is at most 65,307 bytes long, so the last one begins in that much of the file's end.
    private func lastOggPage() throws(AudioError.Reason) {
        let headerSize = 27
        let tailStart = max(0, file.byteCount - 65_307)
        let tail = try file.read(65_307, at: tailStart)
        let marker = Array("OggS".utf8)
        guard let page = tail.indices.last(where: { tail[$0...].starts(with: marker) }) else { return }
        let found = tail.count - page
        let segments = found < headerSize ? 0 : Int(tail[page + headerSize - 1])
        let sizes = tail[min(page + headerSize, tail.count)...].prefix(segments)
        let declared = headerSize + segments + sizes.reduce(0) { $0 + Int($1) }
        try compare(declared: tailStart + page + declared, from: 0)
    }

    private func integer(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> UInt64 {
        (bigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
