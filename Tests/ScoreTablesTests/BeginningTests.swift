import Corpus
import Files
import Foundation
import TestSupport
import Testing

@testable import ScoreTables

@Suite("A run's beginning and end")
struct BeginningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("an older table and its errors are replaced, and nothing else stays", arguments: SampleRun.files)
    func replaces(name: String) throws {
        func replace(force: Bool) throws {
            let table = try SampleRun.table(folder.file(name), start: .new, replacesForeign: force)
            try table.append(SampleRun.row("a.wav", seed: 1), then: RunPosition(recording: 1, rows: 1))
            try table.finish()
            #expect(try folder.contents() == [name, "\(name).run"])
        }
        try folder.write("older".utf8, to: name)
        try folder.write("older".utf8, to: "\(name).errors.csv")
        try replace(force: true)
        #expect(try folder.bytes(name) != Array("older".utf8))
        try SampleRun.go(on: SampleRun.table(folder.file(name), start: .new))
        try SampleRun.table(folder.file(name), start: .resume).finish()
        #expect(try folder.contents().count == 4)
        try replace(force: false)
    }

    @Test(
        "what no run left is not replaced unasked", arguments: SampleRun.files,
        [RunStart.new, .restart, .resume, .retry])
    func foreign(name: String, start: RunStart) throws {
        let path = folder.file(name)
        let parts = [
            "", ".errors.csv", ".notices.csv", ".run", ".rows", ".partial", ".progress.partial", ".run.partial",
        ]
        for part in parts {
            try folder.write("file,start\nmine".utf8, to: name + part)
            let expected = ScoreTableError(file: path, reason: .foreign(part: part.isEmpty ? nil : path + part))
            #expect(throws: expected) { try SampleRun.table(path, start: start) }
            #expect(try folder.files() == [name + part: Array("file,start\nmine".utf8)])
            try FileManager.default.removeItem(atPath: path + part)
        }
        if start == .restart {
            try folder.write("mine".utf8, to: "\(name).progress")
            let expected = ScoreTableError(file: path, reason: .foreign(part: "\(path).progress"))
            #expect(throws: expected) { try SampleRun.table(path, start: start) }
            #expect(try folder.files() == ["\(name).progress": Array("mine".utf8)])
            try FileManager.default.removeItem(atPath: "\(path).progress")
        }
        // Empty files are nobody's.
        for part in parts { try folder.write([], to: name + part) }
        let table = try SampleRun.table(path, start: start)
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files().filter { !$0.value.isEmpty } == SampleRun.undisturbed(name))
    }

    @Test("a table that was changed since is not replaced unasked", arguments: SampleRun.files)
    func changed(name: String) throws {
        let table = try SampleRun.table(folder.file(name), start: .new)
        try SampleRun.go(on: table)
        try table.finish()
        var bytes = try folder.bytes(name)
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, to: name)
        let before = try folder.files()
        for start in RunStart.allCases {
            #expect(throws: ScoreTableError(file: folder.file(name), reason: .changed(part: nil))) {
                try SampleRun.table(folder.file(name), start: start)
            }
        }
        #expect(try folder.files() == before)
        let again = try SampleRun.table(folder.file(name), start: .resume, replacesForeign: true)
        try SampleRun.go(on: again)
        try again.finish()
        #expect(try folder.files() == SampleRun.undisturbed(name))
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
        // What failed is known without it.
        try FileManager.default.removeItem(atPath: folder.file("\(name).errors.csv"))
        let without = try SampleRun.table(folder.file(name), start: .resume)
        #expect(without.isFinished && without.position.failures == again.position.failures)
    }

    @Test("a finished run of other inputs or settings is not taken for this one", arguments: SampleRun.files)
    func otherFinished(name: String) throws {
        let table = try SampleRun.table(folder.file(name), start: .new)
        try SampleRun.go(on: table)
        try table.finish()
        let before = try folder.files()
        var identity = SampleRun.identity
        identity.facts[1] = RunIdentity.Fact(name: "--window", value: "2.0")
        for start in [RunStart.resume, .retry] {
            let reason = ScoreTableError.Reason.otherRun([.init(name: "--window", before: "4.0", now: "2.0")])
            #expect(throws: ScoreTableError(file: folder.file(name), reason: reason)) {
                try SampleRun.table(folder.file(name), start: start, identity: identity)
            }
        }
        #expect(try folder.files() == before)
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
        #expect(try folder.contents() == expected.keys.flatMap { [$0, "\($0).run"] }.sorted())
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
        try SampleRun.table(folder.file(name), start: .new, replacesForeign: true).finish()
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
            try SampleRun.table(folder.file("out.csv"), start: .new, replacesForeign: true)
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
