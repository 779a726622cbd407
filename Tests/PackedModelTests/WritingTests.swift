import Foundation
import TestSupport
import Testing

@testable import PackedModel

@Suite("Writing packed models, and sharing them")
struct WritingTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("model")
    }

    private func openFile() throws(PackedModelError) -> PackedModelFile {
        try PackedModelFile(path: path, verifyingOn: 2)
    }

    @Test("who has the older file mapped keeps it, even without the file itself")
    func replacesWhileMapped() throws {
        let older = SampleBlocks(counts: [3_000, 10])
        let newer = SampleBlocks(counts: [7, 7, 7])
        try older.write(to: path)
        let mapped = try openFile().block("layer.0/weight")
        let second = try openFile()
        try newer.write(to: path)
        #expect(bitPatterns(mapped) == older.floats[0].map(\.bitPattern))
        #expect(bitPatterns(try second.block("layer.1/weight")) == older.floats[1].map(\.bitPattern))
        #expect(bitPatterns(try openFile().block("layer.2/weight")) == newer.floats[2].map(\.bitPattern))
        try FileManager.default.removeItem(atPath: path)
        #expect(bitPatterns(mapped) == older.floats[0].map(\.bitPattern))
    }

    @Test("floats may be read on many threads at once")
    func manyReaders() async throws {
        let blocks = SampleBlocks(counts: [5_000, 33])
        try blocks.write(to: path)
        let file = try openFile()
        let same = try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                let floats = try file.block("layer.\(task % 2)/weight")
                let expected = blocks.floats[task % 2].map(\.bitPattern)
                group.addTask { bitPatterns(floats) == expected }
            }
            return try await group.reduce(into: true) { $0 = $0 && $1 }
        }
        #expect(same)
    }

    #if os(Linux)
        @Test("the memory is the file's own, with no copy in any process")
        func sharesMemory() throws {
            try SampleBlocks(counts: [100_000]).write(to: path)
            let resolvedPath = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
            let smaps = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
            let floats = [try openFile().block("layer.0/weight"), try openFile().block("layer.0/weight")]
            let lines = String(decoding: try smaps.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
            var mapCount = 0
            var inFile = false
            for fields in lines.map({ $0.split(separator: " ") }) {
                if fields[0].contains("-") {
                    inFile = fields.last.map(String.init) == resolvedPath
                    if inFile { mapCount += 1 }
                } else if inFile, ["Anonymous:", "Private_Dirty:", "Shared_Dirty:"].contains(fields[0]) {
                    #expect(fields[1] == "0", "\(fields[0])")
                }
            }
            #expect(mapCount == floats.count)
            #expect(floats[0].base != floats[1].base)
        }
    #endif

    private struct Interruption: Error {}

    @Test("whatever stops it, nothing is left and the older file is whole", arguments: [0, 1, 2])
    func interrupted(block: Int) throws {
        let older = SampleBlocks(counts: [4])
        try older.write(to: path)
        let newer = SampleBlocks(counts: [2_000, 3, 5])
        #expect(throws: Interruption.self) {
            try PackedModelWriter.write(to: path, contents: NoContents(), blocks: newer.sizes) { index, write in
                let floats = newer.floats[index]
                try write(floats.span.bytes)
                if index == block { throw Interruption() }
            }
        }
        #expect(try folder.contents() == ["model"])
        #expect(bitPatterns(try openFile().block("layer.0/weight")) == older.floats[0].map(\.bitPattern))
    }

    @Test("a block must be given the floats that were declared", arguments: [0, 2, 4, 5_000])
    func wrongFill(count: Int) throws {
        let error = PackedModelError.wrongFill(name: "a", byteCount: 12)
        #expect(throws: error) {
            try PackedModelWriter.write(
                to: path, contents: NoContents(), blocks: [PackedBlock(name: "a", format: "float32", byteCount: 12)]
            ) { _, write in
                if count > 0 { try write([Float](repeating: 1, count: count).span.bytes) }
            }
        }
        #expect(error.description == "the block 'a' was not filled with the 12 bytes that were declared")
        #expect(try folder.contents().isEmpty)
    }

    @Test("names and counts are checked before anything is written")
    func impossibleBlocks() throws {
        func error(_ blocks: [(name: String, byteCount: Int)]) -> PackedModelError? {
            #expect(throws: PackedModelError.self) {
                try PackedModelWriter.write(
                    to: path, contents: NoContents(),
                    blocks: blocks.map { PackedBlock(name: $0.name, format: "float32", byteCount: $0.byteCount) }
                ) { _, _ in
                    Issue.record("was asked for bytes")
                }
            }
        }
        #expect(error([("a", 1), ("a", 2)]) == .duplicateBlock(name: "a"))
        for count in [0, -1, .max] { #expect(error([("a", count)]) == .impossibleSize(name: "a", byteCount: count)) }
        // Half of what an Int can count, in bytes.
        let half = Int.max / 2
        #expect(error([("a", half), ("b", half)]) == .impossibleSize(name: "b", byteCount: half))
        #expect(error([("a", half), ("b", half - 4096)]) == .tooLarge)
        #expect(try folder.contents().isEmpty)
    }

    @Test("contents that JSON has no form for")
    func contents() throws {
        let error = #expect(throws: PackedModelError.self) {
            try SampleBlocks(counts: [1]).write(to: path, contents: ["scale": Double.nan])
        }
        guard case .contentsNotEncodable(let reason) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(reason.contains("scale"))
        #expect(try folder.contents().isEmpty)
    }

    @Test("places that cannot be written")
    func places() throws {
        try folder.write("text".utf8, to: "file")
        let cases = [
            (folder.file("missing/model"), "cannot be written: No such file or directory"),
            (folder.file("file/model"), "cannot be written: Not a directory"),
            (folder.path, "cannot be written: Is a directory"),
        ]
        for (path, message) in cases {
            let error = #expect(throws: PackedModelError.self) { try SampleBlocks(counts: [1]).write(to: path) }
            #expect(error?.description == message)
        }
        #expect(try folder.contents() == ["file"])
    }

    @Test("a folder without the permission to write", .enabled(if: geteuid() != 0))
    func withoutPermission() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
        #expect(throws: PackedModelError.cannotWrite(reason: "Permission denied")) {
            try SampleBlocks(counts: [1]).write(to: path)
        }
    }

    @Test("a full disk", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDisk() throws {
        let error = #expect(throws: PackedModelError.self) { try SampleBlocks(counts: [1]).write(to: "/dev/full") }
        #expect(error == .diskFull(bytes: 8192))
        #expect(error?.description == "the disk is full; the file needs 8192 bytes")
    }

    @Test("a pipe, which has no places to write to")
    func pipe() throws {
        try #require(mkfifo(path, 0o600) == 0)
        // Open for both, or opening it to write would wait for a reader.
        let descriptor = Foundation.open(path, O_RDWR | O_NONBLOCK)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(throws: PackedModelError.notAFile(kind: "a pipe or a terminal")) {
            try SampleBlocks(counts: [1]).write(to: path)
        }
    }
}
