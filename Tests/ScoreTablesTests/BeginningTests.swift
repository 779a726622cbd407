import Corpus
import Files
import Foundation
import ScoreTables
import TestSupport
import Testing

@Suite("A run's beginning and end")
struct BeginningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("an older table and its errors are replaced, and nothing else stays", arguments: SampleRun.files)
    func replaces(name: String) throws {
        try folder.write("older".utf8, to: name)
        try folder.write("older".utf8, to: "\(name).errors.csv")
        let table = try SampleRun.table(folder.file(name), start: .new)
        try table.append(SampleRun.row("a.wav", seed: 1), then: RunPosition(recording: 1, rows: 1))
        try table.finish()
        #expect(try folder.contents() == [name])
        #expect(try folder.bytes(name) != Array("older".utf8))
    }

    @Test("a finished run is not resumed, and its failures are reported", arguments: SampleRun.files)
    func finished(name: String) throws {
        let table = try SampleRun.table(folder.file(name), start: .new)
        #expect(!table.isFinished)
        try SampleRun.go(on: table)
        try table.finish()
        let before = try folder.files()
        let again = try SampleRun.table(folder.file(name), start: .resume)
        #expect(again.isFinished)
        #expect(again.position.failures == SampleRun.positions.last?.failures)
        try again.finish()
        #expect(try folder.files() == before)
        try FileManager.default.removeItem(atPath: folder.file("\(name).errors.csv"))
        #expect(try SampleRun.table(folder.file(name), start: .resume).position == RunPosition())
    }

    @Test("a run without any rows has what its format has then")
    func empty() throws {
        let header =
            "file,start,end,arousal,dominance,valence,hidden_states-0,hidden_states-1,hidden_states-2,hidden_states-3,"
            + "hidden_states-4\n"
        let expected = ["out.txt": "", "out.csv": header, "out.json": "[]\n", "out.jsonl": ""]
        for (name, text) in expected {
            try SampleRun.table(folder.file(name), start: .new).finish()
            #expect(try folder.text(name) == text)
        }
        #expect(try folder.contents() == expected.keys.sorted())
    }

    @Test("a symbolic link stays one", arguments: SampleRun.files)
    func link(name: String) throws {
        try FileManager.default.createDirectory(atPath: folder.file("inner"), withIntermediateDirectories: true)
        let destination = "inner/\(name)"
        try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: destination)
        try SampleRun.go(on: SampleRun.table(folder.file(name), start: .new), steps: 7)
        let table = try SampleRun.table(folder.file(name))
        #expect(table.errorsPath == folder.file("\(destination).errors.csv"))
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file(name)) == destination)
        let expected = try SampleRun.undisturbed(name)
        #expect(try folder.contents() == ["inner", name].sorted())
        for (file, bytes) in expected { #expect(try folder.bytes("inner/\(file)") == bytes) }
    }

    @Test("a table keeps its permissions", arguments: ["out.csv", "out.npz"])
    func permissions(name: String) throws {
        try folder.write("older".utf8, to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file(name))
        try SampleRun.table(folder.file(name), start: .new).finish()
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
        #expect(attributes[.posixPermissions] as? Int == 0o640)
    }

    @Test("what can't be opened is told", arguments: ["out.csv", "out.npz", "out.csv.gz"])
    func unopenable(name: String) throws {
        try folder.write("".utf8, to: "file")
        for (path, code) in [("missing/\(name)", ENOENT), ("file/\(name)", ENOTDIR), ("\0\(name)", EINVAL)] {
            let expected = ScoreTableError(file: folder.file(path), reason: .cannotOpen(code: code))
            #expect(throws: expected) { try SampleRun.table(folder.file(path), start: .new) }
        }
        try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        #expect(throws: ScoreTableError(file: folder.file(name), reason: .cannotOpen(code: EISDIR))) {
            try SampleRun.table(folder.file(name), start: .new)
        }
        #expect(try folder.contents() == ["file", name].sorted())
    }

    @Test("a folder or a table without the permission is refused", .enabled(if: geteuid() != 0))
    func withoutPermission() throws {
        try folder.write("older".utf8, to: "out.csv")
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
        let reason = ScoreTableError.Reason.noPlaceForProgress(code: EACCES)
        #expect(throws: ScoreTableError(file: folder.file("out.csv"), reason: reason)) {
            try SampleRun.table(folder.file("out.csv"), start: .new)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.file("out.csv"))
        #expect(throws: ScoreTableError(file: folder.file("out.csv"), reason: .cannotOpen(code: EACCES))) {
            try SampleRun.table(folder.file("out.csv"), start: .new)
        }
        #expect(try folder.files() == ["out.csv": Array("older".utf8)])
    }

    @Test("what a format can't have is refused")
    func impossible() throws {
        let cases: [(String, RowFormat, TimeStyle?, ScoreTableError.Reason)] = [
            ("out.npz", .npz, .timedelta, .noTimeStyle(.npz)), ("out.txt", .text, .timedelta, .noTimeStyle(.text)),
            ("out.npz.gz", .npz, nil, .compressedArchive),
        ]
        for (name, format, times, reason) in cases {
            #expect(throws: ScoreTableError(file: folder.file(name), reason: reason)) {
                try ScoreTable(path: folder.file(name), format: format, columns: SampleRun.columns, times: times)
            }
        }
        #expect(try folder.contents().isEmpty)
    }
}
