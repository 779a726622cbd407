import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Lists of files")
struct FileListTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func list(_ text: some Sequence<UInt8>, root: String? = nil) throws -> RecordingList {
        var options = InputOptions()
        options.root = root
        return RecordingList(inputs: [], filesFrom: try folder.write(text, to: "files.txt"), options: options)
    }

    @Test(
        "name a file a line",
        arguments: [
            ("a.wav", ["a.wav"]), ("a.wav\nb.wav\n", ["a.wav", "b.wav"]),
            ("a.wav\r\n\r\nb.wav\r\n", ["a.wav", "b.wav"]), ("\n\na.wav\n \t\n\nb.wav\n\n", ["a.wav", "b.wav"]),
            ("\u{feff}a.wav\n", ["a.wav"]), (" a b.wav \n", [" a b.wav "]), ("/x/a, \"b\".wav", ["/x/a, \"b\".wav"]),
            ("folder\ntable.csv\na.wav\na.wav", ["folder", "table.csv", "a.wav", "a.wav"]), ("#1.wav", ["#1.wav"]),
            ("carriage\rreturn.wav\n", ["carriage\rreturn.wav"]),
        ])
    func names(text: String, names: [String]) throws {
        let recordings = try list(text.utf8).recordings
        #expect(recordings.map(\.name) == names)
        #expect(recordings.map(\.path) == names)
        #expect(recordings.allSatisfy { $0.segment == nil })
    }

    @Test("keep their good lines where others can't be meant")
    func badLines() throws {
        let bytes =
            Array("a.wav\n-\n".utf8) + [0xff, 0x0a]
            + Array("x\0y\n\(String(repeating: "l", count: 1 << 17))\nb.wav".utf8)
        let list = try list(bytes)
        let name = folder.file("files.txt")
        #expect(list.recordings.map(\.name) == ["a.wav", "b.wav"])
        #expect(
            list.failures.map(\.description) == [
                "-: line 2 of \(name) names standard input, which only an argument can",
                "\u{fffd}: line 3 of \(name) is not UTF-8 text",
                "x\\0y: line 4 of \(name) has a NUL character, which no file name can have",
                "\(name): line 5 of \(name) is longer than any path; a list has one path per line",
            ])
    }

    @Test("without any name, or that aren't there, are one failure", arguments: ["", "\n\n", "\u{feff}", nil])
    func nothing(text: String?) throws {
        let name = folder.file("files.txt")
        if let text {
            #expect(try list(text.utf8).lines == ["! \(name): the list names no file"])
        } else {
            #expect(
                RecordingList(inputs: [], filesFrom: name).lines == ["! \(name): can't be read: no such file"])
            #expect(
                RecordingList(inputs: [], filesFrom: folder.path).lines == [
                    "! \(folder.path): can't be read: Is a directory"
                ])
        }
    }

    @Test("come after the inputs, and are looked for in the root")
    func root() throws {
        let files = try folder.write("a.wav\n/b.wav\n".utf8, to: "files.txt")
        var options = InputOptions()
        options.root = "/corpus"
        let recordings = RecordingList(inputs: ["c.wav"], filesFrom: files, options: options).recordings
        #expect(recordings.map(\.name) == ["c.wav", "a.wav", "/b.wav"])
        #expect(recordings.map(\.path) == ["/corpus/c.wav", "/corpus/a.wav", "/b.wav"])
    }
}
