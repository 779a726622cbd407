import Files
import Foundation
import TestSupport
import Testing

@Suite("A file that takes its target's place")
struct OutputFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, to path: String, reserving byteCount: Int = 0) throws {
        let file = try OutputFile(path: path, reserving: byteCount)
        try file.write(Array(text.utf8).span.bytes)
        try file.commit()
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    private func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
    }

    @Test("appears whole, and nothing beside it", arguments: [0, 4, 1_000])
    func appears(reserved: Int) throws {
        let file = try OutputFile(path: folder.file("new"), reserving: reserved)
        try file.write(Array("ab".utf8).span.bytes)
        #expect(try folder.contents() != ["new"])
        try file.write(Array("cd".utf8).span.bytes)
        try file.commit()
        #expect(try folder.contents() == ["new"])
        #expect(try text("new") == "abcd")
    }

    @Test("leaves no trace, and the older file as it was, unless it is committed")
    func abandoned() throws {
        try folder.write("older".utf8, to: "file")
        for name in ["file", "other"] {
            let file = try OutputFile(path: folder.file(name))
            try file.write(Array("newer".utf8).span.bytes)
        }
        #expect(try folder.contents() == ["file"])
        #expect(try text("file") == "older")
    }

    @Test("bytes are mended in place while the rest is appended")
    func writesInPlace() throws {
        let file = try OutputFile(path: folder.file("file"))
        #expect(file.isSeekable)
        try file.write(Array("..cd".utf8).span.bytes)
        try file.write(Array("ab".utf8).span.bytes, at: 0)
        try file.write(Array("ef".utf8).span.bytes)
        try file.commit()
        #expect(try text("file") == "abcdef")
    }

    @Test("a temporary name that is given is used, whatever was left there")
    func givenName() throws {
        try folder.write("left by a killed process".utf8, to: "partial")
        let file = try OutputFile(path: folder.file("file"), temporary: folder.file("partial"))
        try file.write(Array("new".utf8).span.bytes)
        #expect(try folder.contents() == ["partial"])
        try file.commit()
        #expect(try folder.contents() == ["file"])
        #expect(try text("file") == "new")
    }

    @Test("what a path stands for")
    func targets() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "to")
        try FileManager.default.createSymbolicLink(atPath: folder.file("null"), withDestinationPath: "/dev/null")
        #expect(try OutputTarget(folder.file("new")) == .file(path: folder.file("new")))
        #expect(try OutputTarget(folder.file("link")) == .file(path: folder.file("to")))
        for path in ["/dev/null", folder.file("null"), folder.path] { #expect(try OutputTarget(path) == .stream) }
        #expect(throws: FileError(.opening, code: EINVAL)) { try OutputTarget("a\0b") }
    }

    @Test("keeps the permissions of the file that it replaces")
    func keepsPermissions() throws {
        try folder.write("older".utf8, to: "file")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file("file"))
        try write("newer", to: folder.file("file"))
        #expect(try permissions("file") == 0o640)
        #expect(try text("file") == "newer")
    }

    @Test(
        "a symbolic link stays one, and what it leads to is written",
        arguments: ["target", "inner/target", "./inner/../target", "absolute"], [true, false])
    func keepsLinks(destination: String, exists: Bool) throws {
        try FileManager.default.createDirectory(atPath: folder.file("inner"), withIntermediateDirectories: true)
        let target = destination == "absolute" ? folder.file("target") : destination
        let targetName = destination == "inner/target" ? destination : "target"
        if exists { try folder.write("older".utf8, to: targetName) }
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "second")
        try FileManager.default.createSymbolicLink(atPath: folder.file("second"), withDestinationPath: target)
        try write("newer", to: folder.file("link"))
        #expect(try text(targetName) == "newer")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "second")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("second")) == target)
    }

    @Test("links that lead in a circle are refused")
    func circularLinks() throws {
        for (name, next) in [("a", "b"), ("b", "a")] {
            try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: next)
        }
        #expect(throws: FileError(.opening, code: ELOOP)) { try OutputFile(path: folder.file("a")) }
    }

    @Test("what has the older file open keeps it")
    func olderReaders() throws {
        try folder.write("older".utf8, to: "file")
        let reader = try #require(FileHandle(forReadingAtPath: folder.file("file")))
        defer { try? reader.close() }
        try write("newer", to: folder.file("file"))
        #expect(try reader.readToEnd() == Data("older".utf8))
    }

    @Test("a pipe is written directly")
    func pipe() throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        // Open for both, or opening it to write would wait for a reader.
        let descriptor = open(path, O_RDWR | O_NONBLOCK)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let file = try OutputFile(path: path, reserving: 1_000)
        #expect(!file.isSeekable)
        try file.write(Array("text".utf8).span.bytes)
        try file.commit()
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(read(descriptor, &bytes, bytes.count) == 4)
        #expect(bytes.starts(with: "text".utf8))
        #expect(try folder.contents() == ["pipe"])
    }

    @Test("a full device says so", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDevice() throws {
        let file = try OutputFile(path: "/dev/full")
        let bytes = [UInt8](repeating: 1, count: 1_000)
        let error = #expect(throws: FileError.self) { try file.write(bytes.span.bytes) }
        #expect(error == FileError(.writing, code: ENOSPC))
        #expect(error?.isDiskFull == true)
        #expect(throws: FileError.self) { try file.write(bytes.span.bytes, at: 10) }
    }

    @Test("a size that no disk has room for is refused before anything is written")
    func reservesRoom() throws {
        let error = #expect(throws: FileError.self) {
            try OutputFile(path: folder.file("file"), reserving: 1 << 60)
        }
        #expect(error?.isDiskFull == true || error?.code == EFBIG)
        #expect(try folder.contents().isEmpty)
    }

    @Test("an open stream stays open")
    func stream() throws {
        let pipe = Pipe()
        do {
            let file = OutputFile(descriptor: pipe.fileHandleForWriting.fileDescriptor)
            try file.write(Array("one ".utf8).span.bytes)
            try file.commit()
        }
        try pipe.fileHandleForWriting.write(contentsOf: Data("two".utf8))
        try pipe.fileHandleForWriting.close()
        #expect(try pipe.fileHandleForReading.readToEnd() == Data("one two".utf8))
    }

    @Test("what cannot be opened names the system's reason")
    func unopenable() throws {
        try folder.write("".utf8, to: "file")
        let cases = [
            ("missing/file", ENOENT), ("file/inside", ENOTDIR), ("", EISDIR), ("zero\0byte", EINVAL),
        ]
        for (name, code) in cases {
            let error = #expect(throws: FileError.self) { try OutputFile(path: folder.file(name)) }
            #expect(error == FileError(.opening, code: code), "\(name)")
        }
        #expect(FileError(.opening, code: ENOENT).reason == "No such file or directory")
        #expect(try folder.contents() == ["file"])
    }

    @Test("a folder or file without the permission is refused", .enabled(if: geteuid() != 0))
    func withoutPermission() throws {
        try folder.write("older".utf8, to: "file")
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.file("file"))
        #expect(throws: FileError(.writing, code: EACCES)) { try OutputFile(path: folder.file("file")) }
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        #expect(throws: FileError(.opening, code: EACCES)) { try OutputFile(path: folder.file("new")) }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        #expect(try text("file") == "older")
    }
}
