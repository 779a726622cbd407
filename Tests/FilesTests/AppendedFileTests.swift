import Files
import Foundation
import TestSupport
import Testing

@Suite("A file that grows by whole pieces")
struct AppendedFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    private func append(_ text: String, to file: AppendedFile) throws {
        let bytes = Array(text.utf8)
        try file.append(bytes.span.bytes)
    }

    @Test("is made, grown, cut and opened again")
    func grows() throws {
        do {
            let file = try AppendedFile(path: folder.file("file"))
            #expect(file.byteCount == 0)
            try append("one ", to: file)
            try append("two ", to: file)
            #expect(file.byteCount == 8)
            #expect(try text("file") == "one two ")
        }
        let file = try AppendedFile(path: folder.file("file"))
        #expect(file.byteCount == 8)
        try file.cut(to: 4)
        try append("three", to: file)
        try append("", to: file)
        try file.synchronize()
        #expect(try text("file") == "one three")
        #expect(try file.read(at: 4, count: 3) == Array("thr".utf8))
        #expect(try file.read(at: 7, count: 100) == Array("ee".utf8))
        #expect(try file.read(at: 9, count: 1).isEmpty)
        #expect(try file.read(at: 10, count: 1).isEmpty)
    }

    @Test("goes when it has no name")
    func unnamed() throws {
        let file = try AppendedFile(unnamedIn: folder.path)
        try append("text", to: file)
        #expect(try file.read(at: 1, count: 2) == Array("ex".utf8))
        #expect(try folder.contents().isEmpty)
        #expect(throws: FileError(.opening, code: ENOENT)) {
            try AppendedFile(unnamedIn: folder.file("missing"))
        }
    }

    @Test("keeps nothing of a piece for which there is no room")
    func noRoom() async throws {
        let path = folder.file("file")
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10, rlim_max: 10)
            #if os(Linux)
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #else
                setrlimit(RLIMIT_FSIZE, &limit)
            #endif
            let file = try AppendedFile(path: path)
            let piece = Array("pieces".utf8)
            try file.append(piece.span.bytes)
            #expect(throws: FileError(.writing, code: EFBIG)) { try file.append(piece.span.bytes) }
            #expect(file.byteCount == piece.count)
        }
        #expect(try text("file") == "pieces")
    }

    @Test("that can't be opened says why")
    func unopenable() throws {
        for (name, code) in [("missing/file", ENOENT), (".", EISDIR), ("zero\0byte", EINVAL)] {
            #expect(throws: FileError(.opening, code: code)) { try AppendedFile(path: folder.file(name)) }
        }
    }
}
