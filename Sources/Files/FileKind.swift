/// What a file holds, by its first bytes: one list for recordings, tables, lists and models.
package struct FileKind: Sendable, Hashable, CustomStringConvertible {
    package enum Use: Sendable, Hashable {
        /// Audio that this program's own decoders read.
        case audio
        /// Audio, or video with audio, that ffmpeg reads with its demuxer of this name.
        case media(demuxer: String)
        /// An array of NumPy's.
        case array
        case model
        /// Text of no kind that is known.
        case text
        case other
    }

    package let use: Use
    /// With its article: "a Parquet table".
    package let name: String
    /// What to do with it, for a user who expected it to be read; nil if nothing helps.
    package let remedy: String?

    init(_ use: Use, _ name: String, _ remedy: String? = nil) {
        self.use = use
        self.name = name
        self.remedy = remedy
    }

    /// How many of a file's first bytes are looked at.
    package static let startLength = 4096

    /// Nil if the bytes are not known. Those of an MPEG stream are not: it may begin with anything.
    package init?(_ start: [UInt8]) {
        guard let kind = Self.container(start) ?? Self.signature(start) ?? Self.text(start) else { return nil }
        self = kind
    }

    /// What it is and, if something can be done about it, what.
    package var description: String { name + (remedy.map { "; \($0)" } ?? "") }

    // MARK: Signatures

    private static func signature(_ start: [UInt8]) -> FileKind? {
        signatures.first { start.dropFirst($0.offset).starts(with: $0.bytes) }?.kind
    }

    private struct Signature: Sendable {
        let offset: Int
        let bytes: [UInt8]
        let kind: FileKind

        init(_ bytes: [UInt8], at offset: Int = 0, _ use: Use, _ name: String, _ remedy: String? = nil) {
            self.offset = offset
            self.bytes = bytes
            kind = FileKind(use, name, remedy)
        }

        init(_ text: String, at offset: Int = 0, _ use: Use, _ name: String, _ remedy: String? = nil) {
            self.init(Array(text.utf8), at: offset, use, name, remedy)
        }

        init(_ bytes: [UInt8], at offset: Int = 0, _ name: String, _ remedy: String? = nil) {
            self.init(bytes, at: offset, .other, name, remedy)
        }

        init(_ text: String, at offset: Int = 0, _ name: String, _ remedy: String? = nil) {
            self.init(Array(text.utf8), at: offset, .other, name, remedy)
        }
    }

    private static let toCSV = "write the table as CSV"

    /// The first that fits counts.
    private static let signatures: [Signature] = [
        // Audio.
        Signature("RF64", .audio, "a WAV file"), Signature("RIFX", .audio, "a WAV file"),
        Signature("riff", .audio, "a Wave64 file"), Signature(".snd", .audio, "an AU file"),
        Signature("Creative Voice File", .audio, "a VOC file"), Signature("PVF1", .audio, "a PVF file"),
        Signature(" paf", .audio, "a PAF file"), Signature("fap ", .audio, "a PAF file"),
        Signature("2BIT", .audio, "an AVR file"), Signature("Extended Instrument: ", .audio, "an XI file"),
        Signature([0x64, 0xA3], .audio, "an IRCAM file"), Signature([0, 1, 0xA3, 0x64], .audio, "an IRCAM file"),
        Signature([0x93] + Array("NUMPY".utf8), .array, "a NumPy array"),

        // Audio and video for ffmpeg.
        Signature("#!AMR", .media(demuxer: "amr"), "AMR audio"),
        Signature([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], .media(demuxer: "asf"), "WMA audio or WMV video"),
        Signature([0x1A, 0x45, 0xDF, 0xA3], .media(demuxer: "matroska"), "a WebM or Matroska file"),
        Signature("MAC ", .media(demuxer: "ape"), "Monkey's Audio"),
        Signature("wvpk", .media(demuxer: "wv"), "WavPack audio"),
        Signature("TTA1", .media(demuxer: "tta"), "True Audio"), Signature("tBaK", .media(demuxer: "tak"), "TAK audio"),
        Signature("DSD ", .media(demuxer: "dsf"), "DSD audio"), Signature("FRM8", .media(demuxer: "iff"), "DSD audio"),
        Signature("MPCK", .media(demuxer: "mpc8"), "Musepack audio"),
        Signature("MP+", .media(demuxer: "mpc"), "Musepack audio"),
        Signature(".RMF", .media(demuxer: "rm"), "a RealMedia file"),
        Signature(".ra\u{FD}".unicodeScalars.map { UInt8($0.value) }, .media(demuxer: "rm"), "RealAudio"),
        Signature("FLV\u{1}", .media(demuxer: "flv"), "a Flash video"),
        Signature("ajkg", .media(demuxer: "shn"), "Shorten audio"),
        Signature([0, 0, 1, 0xBA], .media(demuxer: "mpeg"), "an MPEG video"),
        Signature([0x7F, 0xFE, 0x80, 0x01], .media(demuxer: "dts"), "DTS audio"),
        Signature("ea3\u{3}", .media(demuxer: "oma"), "ATRAC audio"),
        Signature("MThd", "a MIDI file, which holds notes and no sound"),
        Signature("OFR ", "OptimFROG audio", "make a WAV file of it"),

        // Tables and data.
        Signature("PAR1", "a Parquet table", toCSV), Signature("ARROW1", "a table in Arrow or Feather format", toCSV),
        Signature("FEA1", "a Feather table", toCSV), Signature("ORC", "an ORC table", toCSV),
        Signature("Obj\u{1}", "an Avro file", toCSV), Signature("SQLite format 3", "an SQLite database", toCSV),
        Signature([0xD0, 0xCF, 0x11, 0xE0], "an old Excel or Word document", "save the table as CSV"),
        Signature([0x89] + Array("HDF".utf8), "an HDF5 file", toCSV), Signature("RDX", "a file of R's", toCSV),
        Signature([0x80, 2], "a Python pickle", toCSV), Signature([0x80, 3], "a Python pickle", toCSV),
        Signature([0x80, 4, 0x95], "a Python pickle", toCSV), Signature([0x80, 5, 0x95], "a Python pickle", toCSV),

        // Models.
        Signature([0x89, 0x45, 0x4D, 0x4F, 0x0D, 0x0A, 0x1A, 0x0A], .model, "a packed model"),
        Signature("GGUF", .model, "weights without a graph (GGUF)", "export the model to ONNX"),
        // A length of eight bytes and an object.
        Signature(
            "\0\0\0{\"", at: 5, .model, "a checkpoint's weights (safetensors)",
            "name it model.safetensors, beside its config.json"),
        Signature(
            "ORTM", at: 4, .model, "a model in ONNX Runtime's own format", "give the .onnx file it was made from"),
        Signature("TFL3", at: 4, .model, "a TensorFlow Lite model"),

        // Compressed files, archives, documents, pictures.
        Signature([0x1F, 0x8B], "a file compressed with gzip", "unpack it first"),
        Signature("BZh", "a file compressed with bzip2", "unpack it first"),
        Signature([0xFD] + Array("7zXZ".utf8), "a file compressed with xz", "unpack it first"),
        Signature([0x28, 0xB5, 0x2F, 0xFD], "a file compressed with zstd", "unpack it first"),
        Signature("7z\u{BC}\u{AF}".unicodeScalars.map { UInt8($0.value) }, "a 7-Zip archive", "unpack it"),
        Signature("Rar!", "a RAR archive", "unpack it"), Signature("ustar", at: 257, "a tar archive", "unpack it"),
        Signature("PK\u{5}\u{6}", "an empty zip archive"),
        Signature("%PDF", "a PDF document"), Signature([0x89] + Array("PNG".utf8), "a picture"),
        Signature([0xFF, 0xD8, 0xFF], "a picture"), Signature("GIF8", "a picture"), Signature("II*\0", "a picture"),
        Signature("MM\0*", "a picture"), Signature("\u{7F}ELF", "a program"),
    ]

    // MARK: Text

    private static func text(_ start: [UInt8]) -> FileKind? {
        guard !start.isEmpty,
            start.allSatisfy({ (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) || $0 >= 0x80 })
        else { return nil }
        let whole = String(decoding: start, as: UTF8.self)
        // Latin letters with accents are bytes from 0x80 on in older encodings; they are never most of a text.
        guard start.count(where: { $0 >= 0x80 }) <= start.count / 2 || !whole.dropLast().contains("\u{FFFD}") else {
            return nil
        }
        let text = whole.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if text.hasPrefix("version https://git-lfs") {
            return FileKind(
                .other, "a Git LFS pointer, which stands for a file that was not fetched", "run 'git lfs pull'")
        }
        if text.first == "<", let next = text.dropFirst().first, next.isLetter || "!?".contains(next) {
            return FileKind(
                .other, "a web page or an XML file, perhaps an error message saved in place of a download")
        }
        let inner = text.dropFirst().drop { $0.isWhitespace }.first
        if let inner, text.first == "{" && "\"}".contains(inner) || text.first == "[" && "{[\"".contains(inner) {
            return FileKind(.other, "JSON text")
        }
        return FileKind(.text, "a text file")
    }
}
