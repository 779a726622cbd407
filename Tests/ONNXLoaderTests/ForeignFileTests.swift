import Foundation
import ONNXLoader
import TestSupport
import Testing

@Suite("Files that are not models")
struct ForeignFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let files: [(bytes: [UInt8], hint: String)] = [
        (Array("PK\u{3}\u{4}\u{14}\0\0\0".utf8), "zip archive"),
        (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8), "Git LFS pointer"),
        (Array("\n<!DOCTYPE html>\n<html><head><title>Not found</title>".utf8), "web page"),
        (Array("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".utf8), "web page or an XML file"),
        (Array("labels:\n- arousal\n- dominance\n- valence\ntransform: null\n".utf8), "text file"),
        (Array("x".utf8), "text file"),
        ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "gzip"),
        (Array("GGUF\u{3}\0\0\0".utf8), "weights without a graph"),
        ([9, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\": 1}".utf8), "a checkpoint's weights"),
        ([16, 0, 0, 0] + Array("ORTM".utf8) + [0, 0], "ONNX Runtime's own format"),
        (Array("RIFF\u{24}\0\0\0WAVEfmt \u{10}\0\0\0\u{1}\0\u{1}\0".utf8), "a WAV file"),
        (Array("fLaC\0\0\0\u{22}".utf8) + [UInt8](repeating: 0, count: 34), "a FLAC file"),
        (Array("ID3\u{3}\0\0\0\0\u{1}\0TSSE".utf8), "an MP3 file"), ([0xFF, 0xFB, 0x90, 0x64, 0, 0], "an MP3 file"),
        ([0x93] + Array("NUMPY\u{1}\0".utf8), "a NumPy array"), (Array("%PDF-1.7\n".utf8), "a PDF document"),
        ([0x80, 2] + Array("}q\0".utf8), "a Python pickle"), (Array("{\"a\": 1}".utf8), "JSON text"),
        ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file"), (Array("PAR1".utf8) + [0x15, 0], "a Parquet table"),
    ]

    @Test("files of other kinds are recognised", arguments: files)
    func kinds(_ bytes: [UInt8], _ hint: String) throws {
        let error = try folder.refusal(bytes)
        guard case .notONNX(let looksLike) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(looksLike.contains(hint))
        #expect(error.description == "\(folder.path)/model.onnx: is not an ONNX model: \(looksLike)")
    }

    @Test("an empty file, a folder, a pipe, a device and nothing at all")
    func notFiles() throws {
        #expect(try folder.refusal([]).reason == .emptyFile)
        #expect(try TemporaryFolder.refusal(ofFile: folder.path).reason == .notAFile(kind: "a folder"))
        #expect(try TemporaryFolder.refusal(ofFile: "/dev/null").reason == .notAFile(kind: "a device or a socket"))
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(try TemporaryFolder.refusal(ofFile: folder.file("pipe")).reason == .notAFile(kind: "a pipe"))
        let absent = try TemporaryFolder.refusal(ofFile: folder.file("absent.onnx"))
        #expect(absent.reason == .cannotOpen(reason: "No such file or directory"))
        #expect(throws: ONNXError.self) { try ONNXModel(contentsOf: "") }
        #expect(throws: ONNXError.self) { try ONNXModel(contentsOf: folder.path + "\0") }
    }

    @Test("a damaged model is not taken for a file of another kind")
    func damaged() throws {
        let error = try folder.refusal(Array(SyntheticModel.identity().dropLast(3)))
        #expect(error.field == "opset_import[0].version" || error.field == "opset_import[0]")
    }
}
