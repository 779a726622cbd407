/// Files whose first bytes name a container, and a little further on what is in it.
extension FileKind {
    static func container(_ start: [UInt8]) -> FileKind? {
        switch text(start, 0..<4) {
        case "RIFF": riff(start)
        case "FORM": form(start)
        case "caff": coreAudio(start)
        case "fLaC": flac(start)
        case "OggS": ogg(start)
        case "NIST": nist(start)
        case "PK\u{3}\u{4}": zip(start)
        default: isoMedia(start) ?? packets(start) ?? onnx(start)
        }
    }

    private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[min(range.lowerBound, bytes.count)..<min(range.upperBound, bytes.count)], as: UTF8.self)
    }

    private static func byte(_ bytes: [UInt8], _ index: Int) -> Int { index < bytes.count ? Int(bytes[index]) : 0 }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
    }

    // MARK: Audio

    private static func riff(_ start: [UInt8]) -> FileKind {
        switch text(start, 8..<12) {
        case "AVI ": return FileKind(.media(demuxer: "avi"), "an AVI video")
        case "QLCM": return FileKind(.media(demuxer: "qcp"), "QCP audio")
        case "RMID": return FileKind(.other, "a MIDI file, which holds notes and no sound")
        case "WEBP": return FileKind(.other, "a picture")
        case "WAVE": break
        default: return FileKind(.audio, "a RIFF file")
        }
        var chunk = 12
        while chunk + 10 <= start.count {
            if text(start, chunk..<chunk + 4) == "fmt " {
                let codec = byte(start, chunk + 8) | byte(start, chunk + 9) << 8
                guard let name = foreignCodecs[codec] else { break }
                return FileKind(.media(demuxer: "wav"), "\(name) in a WAV file")
            }
            let size = (0..<4).reduce(0) { $0 | byte(start, chunk + 4 + $1) << (8 * $1) }
            chunk += 8 + size + size % 2
        }
        return FileKind(.audio, "a WAV file")
    }

    /// Codecs of WAV files that libsndfile doesn't decode and ffmpeg does, by their registered numbers.
    private static let foreignCodecs: [Int: String] = [
        0x22: "TrueSpeech", 0x42: "G.723", 0x45: "G.726", 0x61: "ADPCM",
        0x62: "ADPCM", 0xFF: "AAC audio", 0x130: "ACELP", 0x160: "WMA audio", 0x161: "WMA audio", 0x162: "WMA audio",
        0x163: "WMA audio", 0x200: "ADPCM", 0x270: "ATRAC audio", 0x1610: "AAC audio", 0x2000: "AC-3 audio",
        0x2001: "DTS audio", 0x566F: "Vorbis",
    ]

    private static func form(_ start: [UInt8]) -> FileKind? {
        switch text(start, 8..<12) {
        case "AIFF", "AIFC": FileKind(.audio, "an AIFF file")
        case "8SVX", "16SV": FileKind(.audio, "an SVX file")
        default: nil
        }
    }

    private static func coreAudio(_ start: [UInt8]) -> FileKind {
        let codec = text(start, 8..<12) == "desc" ? text(start, 28..<32) : "lpcm"
        return ["lpcm", "ulaw", "alaw", "alac"].contains(codec)
            ? FileKind(.audio, "a CAF file") : FileKind(.media(demuxer: "caf"), "\(quoted(codec)) audio in a CAF file")
    }

    private static func flac(_ start: [UInt8]) -> FileKind {
        // The stream's description has the bits of a sample, less one, after 99 bits.
        let bits = ((byte(start, 20) & 1) << 4 | byte(start, 21) >> 4) + 1
        return bits > 24 ? FileKind(.media(demuxer: "flac"), "FLAC of \(bits) bits") : FileKind(.audio, "a FLAC file")
    }

    private static func ogg(_ start: [UInt8]) -> FileKind {
        let packet = Array(start.dropFirst(27 + byte(start, 26)).prefix(8))
        func begins(_ text: String) -> Bool { packet.starts(with: text.utf8) }
        if begins("\u{7F}FLAC") { return FileKind(.media(demuxer: "ogg"), "Ogg FLAC") }
        if begins("Speex   ") { return FileKind(.media(demuxer: "ogg"), "Speex audio") }
        if packet.dropFirst().starts(with: "theora".utf8) || begins("fishead") || begins("BBCD") {
            return FileKind(.media(demuxer: "ogg"), "an Ogg video")
        }
        return FileKind(.audio, "an Ogg file")
    }

    private static func nist(_ start: [UInt8]) -> FileKind {
        contains(Array(start.prefix(1024)), "shorten")
            ? FileKind(.other, "Shorten audio in a NIST file", "sph2pipe makes a WAV file of it")
            : FileKind(.audio, "a NIST file")
    }

    /// MPEG-4 and QuickTime: the first box has its size and then its name.
    private static func isoMedia(_ start: [UInt8]) -> FileKind? {
        switch text(start, 4..<8) {
        case "ftyp":
            switch text(start, 8..<12) {
            case "M4A ", "M4B ", "M4P ": return FileKind(.media(demuxer: "mov"), "M4A (MPEG-4 audio)")
            case "qt  ": return FileKind(.media(demuxer: "mov"), "a QuickTime file")
            case let brand where brand.hasPrefix("3g"): return FileKind(.media(demuxer: "mov"), "a 3GP file")
            case "avif", "heic", "mif1": return FileKind(.other, "a picture")
            default: return FileKind(.media(demuxer: "mov"), "an MP4 file")
            }
        case "moov", "mdat", "wide": return FileKind(.media(demuxer: "mov"), "a QuickTime file")
        default: return nil
        }
    }

    /// Streams of packets, which begin with a few bits: another packet has to follow where the first one ends.
    private static func packets(_ start: [UInt8]) -> FileKind? {
        func isADTS(_ place: Int) -> Bool { byte(start, place) == 0xFF && byte(start, place + 1) & 0xF6 == 0xF0 }
        let length = (byte(start, 3) & 3) << 11 | byte(start, 4) << 3 | byte(start, 5) >> 5
        if isADTS(0), length > 7, length >= start.count || isADTS(length) {
            return FileKind(.media(demuxer: "aac"), "AAC audio")
        }
        if byte(start, 0) == 0x0B, byte(start, 1) == 0x77, byte(start, 4) & 0x3F < 38, byte(start, 5) >> 3 <= 16 {
            return FileKind(.media(demuxer: byte(start, 5) >> 3 > 10 ? "eac3" : "ac3"), "AC-3 audio")
        }
        if [0, 188, 376].allSatisfy({ byte(start, $0) == 0x47 }) {
            return FileKind(.media(demuxer: "mpegts"), "an MPEG transport stream")
        }
        return nil
    }

    // MARK: Others

    private static func zip(_ start: [UInt8]) -> FileKind {
        if contains(start, "[Content_Types].xml") || contains(start, "xl/") || contains(start, "_rels/") {
            return FileKind(.other, "an Excel workbook or another Office document", "save the table as CSV")
        }
        if contains(start, ".npy") { return FileKind(.other, "an .npz archive", "give the arrays in it as .npy files") }
        if contains(start, "/data.pkl") {
            return FileKind(
                .model, "a checkpoint's weights (saved by torch)", "name it pytorch_model.bin, beside its config.json")
        }
        return FileKind(.other, "a zip archive", "unpack it")
    }

    /// The protobuf fields of an ONNX model: a small version first, then the producer's name or the graph.
    private static func onnx(_ start: [UInt8]) -> FileKind? {
        guard byte(start, 0) == 0x08, (3...20).contains(byte(start, 1)), [0x12, 0x1A, 0x3A].contains(byte(start, 2))
        else { return nil }
        return onnxModel
    }

    private static let onnxModel = FileKind(.model, "an ONNX model")

    /// Whether it is a model whose graph this program reads.
    package var isONNX: Bool { self == Self.onnxModel }
}
