import Files
import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Lines")
struct LineReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func lines(_ path: String, longest: Int = 100) throws -> [String] {
        var reader = try LineReader(path, longest: longest)
        var lines: [String] = []
        while let line = try reader.next() {
            lines.append(String(decoding: line, as: UTF8.self) + (reader.isCut ? "…" : ""))
            #expect(reader.number == lines.count)
        }
        #expect(try reader.next() == nil)
        return lines
    }

    @Test(
        "are what line feeds end, and what comes after the last",
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb\r\nc", ["a", "", "b\r", "c"]),
            ("\u{feff}a\n\u{feff}", ["a", "\u{feff}"]), ("\u{feff}", []),
            ("ab\nabc\nabcd\nabcde", ["ab", "abc", "abc…", "abc…"]),
        ])
    func text(text: String, expected: [String]) throws {
        let path = try folder.write(text.utf8, to: "text")
        #expect(try lines(path, longest: 3) == expected)
    }

    @Test("lie across the pieces that a file is read in")
    func long() throws {
        let expected = (0..<3_000).map { "\($0) " + String(repeating: "x", count: $0) }
        let path = try folder.write(expected.joined(separator: "\n").utf8, to: "text")
        #expect(try lines(path, longest: 1 << 20) == expected)
    }

    @Test("come from a pipe as they are written, even byte by byte")
    func pipe() throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let writer = Thread {
            guard let pipe = FileHandle(forWritingAtPath: path) else { return }
            for byte in "\u{feff}first\n\nthird".utf8 { try? pipe.write(contentsOf: [byte]) }
            try? pipe.close()
        }
        writer.start()
        #expect(try lines(path) == ["first", "", "third"])
    }

    @Test("of what can't be read are refused")
    func unreadable() throws {
        let missing = folder.file("missing")
        for (path, code, reason) in [(missing, ENOENT, "no such file"), (folder.path, EISDIR, "Is a directory")] {
            let failure = #expect(throws: RowFailure.self) { try LineReader(path, longest: 1) }
            #expect(failure?.file == path)
            #expect(failure?.segment == nil)
            #expect(failure?.reason as? InputError == .unreadable(.list, SystemError(code)))
            #expect(failure.map { "\($0.reason)" } == "can't be read: \(reason)")
        }
    }
}
