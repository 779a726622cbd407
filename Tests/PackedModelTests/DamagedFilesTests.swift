import Foundation
import TestSupport
import Testing

@testable import PackedModel

@Suite("A file that is not as it was written is refused")
struct DamagedFilesTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("model")
    }

    private func open(threads: Int = 1) throws(PackedModelError) -> PackedModelFile {
        try PackedModelFile(path: path, verifyingOn: threads)
    }

    private func error(opening bytes: [UInt8]) throws -> PackedModelError? {
        try folder.write(bytes, to: "model")
        return #expect(throws: PackedModelError.self) { try open() }
    }

    private func sample() throws -> [UInt8] {
        try SampleBlocks(counts: [5, 1]).write(to: path, contents: SampleContents.sample)
        return try [UInt8](Data(contentsOf: URL(filePath: path)))
    }

    @Test("each single flipped bit")
    func flippedBits() throws {
        let bytes = try sample()
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? handle.close() }
        func put(_ byte: UInt8, at offset: Int) throws {
            try handle.seek(toOffset: UInt64(offset))
            try handle.write(contentsOf: [byte])
        }
        var accepted: [Int] = []
        for offset in bytes.indices {
            // Of the many zeros that fill the pages, one bit of each byte.
            let bits = bytes[offset] == 0 && offset % 4096 > 1024 ? offset % 8..<offset % 8 + 1 : 0..<8
            for bit in bits {
                try put(bytes[offset] ^ 1 << UInt8(bit), at: offset)
                do throws(PackedModelError) {
                    _ = try open()
                    accepted.append(offset * 8 + bit)
                } catch {}
            }
            try put(bytes[offset], at: offset)
        }
        #expect(accepted == [])
        #expect(throws: Never.self) { try open() }
    }

    @Test("each length that it could be cut to")
    func cutShort() throws {
        let bytes = try sample()
        var length = bytes.count
        while length > 0 {
            length -= 1
            try #require(truncate(path, off_t(length)) == 0)
            let expected: PackedModelError =
                switch length {
                case 0: .empty
                case 1..<Preamble.byteCount: .tooShort(bytes: length)
                default: .wrongLength(found: length, declared: UInt64(bytes.count))
                }
            #expect(throws: expected) { try open() }
        }
        #expect(
            "\(PackedModelError.wrongLength(found: 100, declared: 12_288))"
                == "has 100 bytes, but 12288 were written: it is cut short; convert the model again")
    }

    @Test("bytes added at the end")
    func tooLong() throws {
        let bytes = try sample()
        let error = try error(opening: bytes + [0])
        #expect(error == .wrongLength(found: bytes.count + 1, declared: UInt64(bytes.count)))
        #expect(error?.description.contains("something was added") == true)
    }

    @Test("the damaged block is named, the first one where there are several", arguments: [1, 2, 3, 16])
    func namesBlock(threads: Int) throws {
        let blocks = SampleBlocks(counts: [1, 2_000, 30, 4_000, 5])
        try blocks.write(to: path)
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        for offset in [4096 + 4096 + 100, bytes.count - 4096] { bytes[offset] ^= 0x10 }
        try folder.write(bytes, to: "model")
        let error = #expect(throws: PackedModelError.self) { try open(threads: threads) }
        #expect(error == .damagedBlock(name: "layer.1/weight"))
        #expect(error?.description == "is damaged in the block 'layer.1/weight'; convert the model again")
    }

    @Test("another version, older or newer, even with a preamble of another form", arguments: [0, 1, 7, UInt8.max])
    func otherVersion(version: UInt8) throws {
        var bytes = try sample()
        bytes[8] = version
        bytes[20] ^= 1
        let found = try error(opening: bytes)
        #expect(found == .otherVersion(found: UInt32(version), known: 2))
        #expect(
            found?.description == "was written by another version of emotion-cli (format \(version), this program "
                + "reads 2): convert the model again")
        #expect(try error(opening: Array(bytes.prefix(12))) == found)
    }

    @Test("files of other kinds")
    func foreign() throws {
        for name in Fixtures.modelNames {
            let onnx = try Data(contentsOf: URL(filePath: Fixtures.model(name)))
            let error = try error(opening: [UInt8](onnx))
            #expect(error == .notPackedModel(looksLikeONNX: true))
            #expect(error?.description == "is not a packed model, but looks like an ONNX model: convert it first")
        }
        let others: [[UInt8]] = [
            Array("PK\u{3}\u{4}".utf8), Array("GGUF\u{3}\0\0\0".utf8), Array("<html>".utf8), Array("\n".utf8), [0],
            [UInt8](repeating: 0, count: 10_000), Array("\u{89}EMO\n\u{1A}\n and a line end less".utf8),
            [0x89, 0x45, 0x4D, 0x4F, 0x0A, 0x1A, 0x0A],
        ]
        for bytes in others {
            let error = try error(opening: bytes)
            #expect(error == .notPackedModel(looksLikeONNX: false))
            #expect(
                error?.description
                    == "is not a packed model, which begins with the bytes 89 45 4D 4F 0D 0A 1A 0A")
            #expect(!PackedModelFile.isPackedModel(path))
        }
    }

    @Test("what is no file at all")
    func notFiles() throws {
        func error(_ path: String) -> PackedModelError? {
            #expect(!PackedModelFile.isPackedModel(path))
            return #expect(throws: PackedModelError.self) { try PackedModelFile(path: path, verifyingOn: 1) }
        }
        #expect(error(folder.file("missing")) == .cannotOpen(reason: "No such file or directory"))
        #expect(error(folder.path) == .notAFile(kind: "a folder"))
        #expect(error("/dev/null") == .notAFile(kind: "a device or a socket"))
        #expect(error("a\0b") == .cannotOpen(reason: "the path holds a zero byte"))
        try #require(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(error(folder.file("pipe")) == .notAFile(kind: "a pipe"))
    }

    @Test("a packed model is known by its content")
    func known() throws {
        _ = try sample()
        #expect(PackedModelFile.isPackedModel(path))
    }
}
