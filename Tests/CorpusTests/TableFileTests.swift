import AudioInput
import CZlib
import Foundation
import TestSupport
import Testing

@testable import Corpus

@Suite("Files of tables and lists")
struct TableFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let table = "file\tstart\na, b.wav\t1\n"

    private func gzip(_ bytes: [UInt8], to name: String) throws -> String {
        let path = folder.file(name)
        let file = try #require(gzopen(path, "wb"))
        bytes.withUnsafeBytes { _ = gzwrite(file, $0.baseAddress, UInt32($0.count)) }
        gzclose(file)
        return path
    }

    private func lines(_ path: String) -> [String] { RecordingList(inputs: [path]).lines }

    @Test("are tables by name", arguments: ["t.csv", "t.tsv", "t.TSV", "t.txt"])
    func names(name: String) throws {
        #expect(lines(try folder.write(Self.table.utf8, to: name)) == ["a, b.wav 1.0-"])
    }

    @Test("may be compressed with gzip, in one piece or several", arguments: ["t.csv.gz", "t.tsv.gz", "t.csv"])
    func compressed(name: String) throws {
        let path = try gzip(Array(("\u{feff}" + Self.table).utf8), to: name)
        #expect(lines(path) == ["a, b.wav 1.0-"])
        let one = try [UInt8](Data(contentsOf: URL(filePath: path)))
        let two = try [UInt8](Data(contentsOf: URL(filePath: gzip(Array("c.wav\t2\n".utf8), to: "second.gz"))))
        #expect(lines(try folder.write(one + two, to: name)) == ["a, b.wav 1.0-", "c.wav 2.0-"])
        #expect(lines(try folder.write(one + two + [0, 0, 0], to: name)).count == 2)
    }

    @Test("that are cut short or damaged say so, and give what comes before")
    func damaged() throws {
        let rows = (0..<50_000).map { "file\($0).wav,\($0)\n" }
        let path = try gzip(Array(("file,start\n" + rows.joined()).utf8), to: "t.csv.gz")
        #expect(RecordingList(inputs: [path]).count == rows.count)
        let whole = try [UInt8](Data(contentsOf: URL(filePath: path)))
        for length in [2, 10, 30, whole.count / 2, whole.count - 1] {
            let list = RecordingList(inputs: [try folder.write(whole.prefix(length), to: "cut.csv.gz")])
            #expect(list.failureCount == 1)
            #expect(list.reasons.first?.hasSuffix("its gzip data are cut short") == true, "\(list.reasons)")
        }
        var flipped = whole
        flipped[whole.count / 2] ^= 0xFF
        #expect(RecordingList(inputs: [try folder.write(flipped, to: "bad.csv.gz")]).failureCount >= 1)
        let trailing = RecordingList(inputs: [try folder.write(whole + [1, 2, 3], to: "more.csv.gz")])
        #expect(trailing.reasons.last?.contains("its gzip data are damaged") == true)
    }

    @Test(
        "of other kinds are named for what they are",
        arguments: [
            (Array("PAR1\u{15}\u{4}".utf8), "a Parquet table"), ([0x80, 4, 0x95, 1, 2], "a Python pickle"),
            (Array("PK\u{3}\u{4}\u{14}\0\u{6}\0[Content_Types].xml".utf8), "an Excel workbook"),
            (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), "a Git LFS pointer"),
            (Array("<!DOCTYPE html><html>".utf8), "a web page"), (Array("{\"file\": \"a.wav\"}\n".utf8), "JSON text"),
            (Array("RIFF\0\0\0\0WAVEfmt ".utf8), "a WAV file"),
        ] as [([UInt8], String)])
    func foreign(bytes: [UInt8], kind: String) throws {
        let path = try folder.write(bytes, to: "t.csv")
        let reasons = RecordingList(inputs: [path]).reasons
        #expect(reasons.count == 1 && reasons[0].hasPrefix("not a CSV table but \(kind)"), "\(reasons)")
        let listed = RecordingList(inputs: [], filesFrom: path).reasons
        #expect(listed.count == 1 && listed[0].hasPrefix("not a list of files but \(kind)"), "\(listed)")
    }

    @Test("are lists whose names NUL ends, line feeds and all")
    func zeros() throws {
        let path = try folder.write("./a\nb.wav\0./c .wav\0./d.wav\r\0".utf8, to: "files")
        // A line feed came first.
        #expect(RecordingList(inputs: [], filesFrom: path).failureCount > 0)
        let other = try folder.write("./c .wav\0./a\nb.wav\0\0./d.wav\r\0".utf8, to: "files")
        #expect(
            RecordingList(inputs: [], filesFrom: other).recordings.map(\.name) == [
                "./c .wav", "./a\nb.wav", "./d.wav\r",
            ])
    }

    @Test("give inputs whose names are no text a failure in their place")
    func unreadableName() {
        var options = InputOptions()
        options.unreadableNames = ["b\u{fffd}.wav"]
        let list = RecordingList(inputs: ["a.wav", "b\u{fffd}.wav", "c.wav"], options: options)
        #expect(list.lines == ["a.wav", "! b\u{fffd}.wav: its name is not UTF-8 text; rename it", "c.wav"])
    }

    @Test(
        "and of recordings that are not there are looked for, and said to be in a place",
        arguments: [
            ("a.wav", "", "no such file"), ("a.wav", "x", "no such file in x"), ("a.wav", "/", "no such file in /"),
            ("/a.wav", "x", "no such file"), (" a.wav", "", "no such file; its name begins or ends with a blank"),
            ("https://a/b.wav", "x", "an address; addresses are not read, download it first"),
            ("s3://a/b.wav", "", "an address; addresses are not read, download it first"),
            ("~/a.wav", "", "no such file; ~ is replaced by a shell only, write the folder's full path"),
            ("a\\b.wav", "x/", "no such file in x; folders are separated by /"),
        ])
    func notFound(name: String, root: String, reason: String) {
        let recording = Recording(name: name, root: root)
        let failure = RowFailure(AudioError(file: recording.path, reason: .notFound), of: recording)
        #expect("\(failure.reason)" == reason)
        #expect(
            RowFailure(AudioError(file: "-", reason: .empty), of: Recording(name: "-", path: "-")).file
                == "standard input")
    }
}
