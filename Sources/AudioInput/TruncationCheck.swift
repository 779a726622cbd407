/// Finds files whose header promises more audio than they hold. libsndfile reads what there is and says nothing, and a
/// recording cut short by a failed copy would be scored as if it were whole.
///
/// Formats that give the number of frames (FLAC, MP3) show it when they are read.
struct TruncationCheck {
    private let file: InputFile

    /// - Throws: `.truncated`.
    static func check(_ file: InputFile) throws(AudioError.Reason) {
        let check = TruncationCheck(file: file)
        let start = try file.read(12, at: 0)
        switch String(decoding: start.prefix(4), as: UTF8.self) {
        case "RIFF", "RF64": try check.chunks(audio: "data", bigEndian: false)
        case "RIFX": try check.chunks(audio: "data", bigEndian: true)
        case "FORM": try check.chunks(audio: "SSND", bigEndian: true)
        case ".snd": try check.sunAudio(start)
        case "OggS": try check.lastOggPage()
        default: break
        }
    }

    /// Sizes from here on mean that the writer did not know: it wrote to a pipe.
    private static let unknownSize = 0x7F00_0000

    private func compare(declared: Int, from offset: Int) throws(AudioError.Reason) {
        let found = max(0, file.byteCount - offset)
        guard declared <= found || declared >= Self.unknownSize else {
            throw .truncated(declared: declared, found: found, unit: .bytes)
        }
    }

    /// Walks the chunks of a WAV or AIFF file up to the one with the audio.
    private func chunks(audio: String, bigEndian: Bool) throws(AudioError.Reason) {
        var offset = 12
        while true {
            let header = try file.read(8, at: offset)
            guard header.count == 8 else { return }
            let size = integer(header[4...], bigEndian: bigEndian)
            if header.prefix(4).elementsEqual(audio.utf8) {
                return try compare(declared: size, from: offset + 8)
            }
            // Chunks start at even offsets.
            offset += 8 + size + size % 2
        }
    }

    private func sunAudio(_ start: [UInt8]) throws(AudioError.Reason) {
        guard start.count == 12 else { return }
        let offset = integer(start[4..<8], bigEndian: true)
        try compare(declared: integer(start[8..<12], bigEndian: true), from: offset)
    }

    /// A page is at most 65,307 bytes long, so the last one begins in that much of the file's end.
    private func lastOggPage() throws(AudioError.Reason) {
        let headerSize = 27
        let tailStart = max(0, file.byteCount - 65_307)
        let tail = try file.read(65_307, at: tailStart)
        let marker = Array("OggS".utf8)
        guard
            let page = tail.indices.last(where: {
                tail[$0] == marker[0] && tail[$0...].starts(with: marker)
            })
        else { return }
        let found = tail.count - page
        let segments = found < headerSize ? 0 : Int(tail[page + headerSize - 1])
        let sizes = tail[min(page + headerSize, tail.count)...].prefix(segments)
        let declared = headerSize + segments + sizes.reduce(0) { $0 + Int($1) }
        guard declared <= found else {
            let before = tailStart + page
            throw .truncated(declared: before + declared, found: before + found, unit: .bytes)
        }
    }

    private func integer(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> Int {
        (bigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
}
