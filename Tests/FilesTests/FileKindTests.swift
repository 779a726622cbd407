import Files
import Foundation
import Testing

@Suite("Kinds of files")
struct FileKindTests {
    private static func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value & 0xFF) } }

    private static func wav(codec: UInt8, high: UInt8 = 0, before: [UInt8] = []) -> [UInt8] {
        bytes("RIFF\0\0\0\0WAVE") + before + bytes("fmt \u{10}\0\0\0") + [codec, high]
            + [UInt8](repeating: 1, count: 14)
    }

    private static func ogg(_ packet: String) -> [UInt8] {
        bytes("OggS") + [UInt8](repeating: 0, count: 22) + [1, 30] + bytes(packet)
    }

    /// The demuxer of what ffmpeg reads comes after a slash.
    private static let kinds: [([UInt8], String)] = [
        (wav(codec: 1), "a WAV file"), (wav(codec: 0x55), "a WAV file"),
        (wav(codec: 0x61, high: 1), "WMA audio in a WAV file/wav"), (wav(codec: 0xFF), "AAC audio in a WAV file/wav"),
        (wav(codec: 0xFF, before: bytes("JUNK\u{3}\0\0\0abc\0")), "AAC audio in a WAV file/wav"),
        (bytes("RIFF\0\0\0\0WAVE"), "a WAV file"), (bytes("RIFF"), "a RIFF file"),
        (bytes("RIFF\0\0\0\0AVI LIST"), "an AVI video/avi"), (bytes("RIFF\0\0\0\0WEBPVP8 "), "a picture"),
        (bytes("FORM\0\0\0\0AIFC"), "an AIFF file"), (bytes("FORM\0\0\0\u{0}8SVX"), "an SVX file"),
        (bytes("fLaC\0\0\0\u{22}\0\0\0\0\0\0\0\0\0\0\u{3}\u{E8}\0\u{F0}"), "a FLAC file"),
        (bytes("fLaC\0\0\0\u{22}\0\0\0\0\0\0\0\0\0\0\u{3}\u{E8}\u{1}\u{F0}"), "FLAC of 32 bits/flac"),
        (ogg("\u{1}vorbis"), "an Ogg file"), (ogg("OpusHead"), "an Ogg file"), (ogg("\u{7F}FLAC"), "Ogg FLAC/ogg"),
        (ogg("Speex   1.2"), "Speex audio/ogg"), (ogg("\u{80}theora"), "an Ogg video/ogg"),
        (bytes("OggS"), "an Ogg file"),
        (bytes("NIST_1A\n   1024\nsample_coding -s3 pcm\n"), "a NIST file"),
        (
            bytes("NIST_1A\n   1024\nsample_coding -s26 pcm,embedded-shorten-v2.00\n"),
            "Shorten audio in a NIST file"
        ),
        (bytes("\0\0\0\u{20}ftypM4A \0"), "M4A (MPEG-4 audio)/mov"), (bytes("\0\0\0\u{20}ftypisom"), "an MP4 file/mov"),
        (bytes("\0\0\0\u{20}ftyp3gp4"), "a 3GP file/mov"), (bytes("\0\0\0\u{20}ftypqt  "), "a QuickTime file/mov"),
        (bytes("\0\0\0\u{20}ftypheic"), "a picture"), (bytes("\0\0\u{1}\0moov"), "a QuickTime file/mov"),
        ([0x1A, 0x45, 0xDF, 0xA3, 1], "a WebM or Matroska file/matroska"), (bytes("#!AMR\n"), "AMR audio/amr"),
        ([0xFF, 0xF1, 0x50, 0x80, 1, 0x40, 0xFC, 0, 0, 0, 0xFF, 0xF1], "AAC audio/aac"),
        ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6], "WMA audio or WMV video/asf"),
        (bytes("MThd\0\0\0\u{6}"), "a MIDI file, which holds notes and no sound"),
        (bytes("caff\0\u{1}\0\0desc") + [UInt8](repeating: 0, count: 16) + bytes("alac"), "a CAF file"),
        (
            bytes("caff\0\u{1}\0\0desc") + [UInt8](repeating: 0, count: 16) + bytes("aac "),
            "'aac ' audio in a CAF file/caf"
        ),
        (bytes("\u{93}NUMPY\u{1}\0"), "a NumPy array"), (bytes("PAR1\u{15}"), "a Parquet table"),
        (bytes("PK\u{3}\u{4}\u{14}\0\0\0....a.npy"), "an .npz archive"),
        (bytes("PK\u{3}\u{4}\u{14}\0"), "a zip archive"),
        (bytes("PK\u{3}\u{4}\0\0archive/data.pkl\u{80}\u{2}"), "a checkpoint's weights (saved by torch)"),
        (bytes("PK\u{3}\u{4}...xl/workbook.xml"), "an Excel workbook or another Office document"),
        ([0x1F, 0x8B, 8], "a file compressed with gzip"), ([8, 7, 0x12, 4] + bytes("pyto"), "an ONNX model"),
        ([0x89, 0x45, 0x4D, 0x4F, 0x0D, 0x0A, 0x1A, 0x0A], "a packed model"),
        ([9, 0, 0, 0, 0, 0, 0, 0] + bytes("{\"a\": 1}"), "a checkpoint's weights (safetensors)"),
        (
            bytes("version https://git-lfs.github.com/spec/v1\n"),
            "a Git LFS pointer, which stands for a file that was not fetched"
        ),
        (
            bytes("\n <!doctype html>"),
            "a web page or an XML file, perhaps an error message saved in place of a download"
        ),
        (bytes("{ \"error\": 404}"), "JSON text"), (bytes("[[1]]"), "JSON text"), (bytes("{}"), "JSON text"),
        (bytes("file,start\n"), "a text file"), (Array("größe\n".utf8), "a text file"),
        (bytes("gr\u{F6}\u{DF}e"), "a text file"), (bytes("[a].wav"), "a text file"), (bytes("< 3"), "a text file"),
    ]

    @Test("are told by their first bytes", arguments: kinds)
    func told(bytes: [UInt8], expected: String) throws {
        let kind = try #require(FileKind(bytes))
        if case .media(let demuxer) = kind.use {
            #expect("\(kind.name)/\(demuxer)" == expected)
        } else {
            #expect(kind.name == expected)
        }
    }

    @Test("are not guessed from other bytes, and no beginning of a file is too short")
    func unknown() {
        #expect(FileKind([]) == nil)
        #expect(FileKind([UInt8](repeating: 0, count: 4096)) == nil)
        #expect(FileKind([UInt8](repeating: 0xFF, count: 4096)) == nil)
        #expect(FileKind([0xFF, 0xFB, 0x90, 0]) == nil)
        for (bytes, _) in Self.kinds {
            for count in 0..<bytes.count { _ = FileKind(Array(bytes.prefix(count))) }
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let start = Self.kinds[Int.random(in: 0..<Self.kinds.count)].0.prefix(Int.random(in: 0...12))
            _ = FileKind(start + (0..<Int.random(in: 0..<64)).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }
}
