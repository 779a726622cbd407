import AudioInput
import CZlib
import Corpus
import Foundation
import NumPyFiles
import TestSupport
import Testing

@testable import ScoreTables

@Suite("Formats")
struct FormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static var rows: [Row] {
        SampleRun.steps.compactMap { if case .row(let row) = $0 { row } else { nil } }
    }

    @Test("are told from a file's name")
    func names() {
        let names: [(String, RowFormat?)] = [
            ("a.txt", .text), ("a.csv", .csv), ("a.CSV", .csv), ("a.json", .json), ("a.jsonl", .jsonl),
            ("a.ndjson", .jsonl), ("a.npz", .npz), ("a.csv.gz", .csv), ("a.JSONL.GZ", .jsonl), ("a.json.gz", .json),
            ("a.txt.gz", .text), ("a.npz.gz", nil), ("a.gz", nil), ("csv", nil), ("a.csv/b", nil),
        ]
        for (name, format) in names { #expect(RowFormat(extensionOf: name) == format, "\(name)") }
    }

    @Test("csv quotes what needs it, byte by byte")
    func quoting() {
        let fields: [(String, String)] = [
            ("plain", "plain"), ("", ""), (" a ", " a "), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), ("a\r\nb", "\"a\r\nb\""), ("größe 日本", "größe 日本"),
            // With an accent the comma and the quote are other Characters.
            ("a,\u{301}b", "\"a,\u{301}b\""), ("\"\u{301}", "\"\"\"\u{301}\""), ("'a'", "'a'"), ("a\\b", "a\\b"),
        ]
        for (field, quoted) in fields {
            #expect(CSVLine.bytes(of: [field, "1"]) == Array("\(quoted),1\n".utf8), "\(field)")
        }
    }

    @Test("csv has times as a timedelta, or in seconds if that is asked for")
    func csv() throws {
        let rows = CSVRows(SampleRun.columns, times: .timedelta)
        let row = Row(file: "a.wav", start: 1.5, end: 3.25, values: [[0.5, 1e-7, -1], [1, 2, 3, .nan, 0.1]])
        #expect(
            String(decoding: rows.bytes(of: row, isFirst: true), as: UTF8.self)
                == "a.wav,0 days 00:00:01.500000,0 days 00:00:03.250000,0.5,1e-07,-1.0,1.0,2.0,3.0,nan,0.1\n")
        let seconds = CSVRows(SampleRun.columns, times: .seconds)
        #expect(seconds.bytes(of: row, isFirst: false).starts(with: "a.wav,1.5,3.25,0.5,".utf8))
    }

    @Test("text is for people")
    func text() {
        let row = Row(file: "a.wav", start: 1.5, end: 3.257, values: [[0.5, 1e-7, -1], [1, 2, 3, 4, 5]])
        #expect(
            String(decoding: TextRows(SampleRun.columns).bytes(of: row, isFirst: true), as: UTF8.self)
                == "a.wav [1.50–3.26 s]  arousal 0.5000  dominance 0.0000  valence -1.0000  "
                + "hidden_states (5 numbers; csv, json and npz show them)\n")
    }

    @Test("JSON strings are those of JSONEncoder")
    func jsonStrings() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let controls = (0..<0x21).compactMap { Unicode.Scalar($0 as UInt32) }.map { String(Character($0)) }
        for text in controls + ["", "a/b", "\"\\", "größe 日本 \u{1F600}", "\u{7F}\u{85}\u{2028}", "e\u{301}"] {
            let expected = String(decoding: try encoder.encode(text), as: UTF8.self)
            #expect(JSONText.quoted(text) == expected)
        }
    }

    @Test("json and jsonl hold the same objects", arguments: [TimeStyle.seconds, .timedelta])
    func json(times: TimeStyle) throws {
        let array = try #require(
            try JSONSerialization.jsonObject(with: Data(try written("out.json", times))) as? [[String: Any]])
        let lines = try written("out.jsonl", times).split(separator: UInt8(ascii: "\n")).map {
            try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]
        }
        #expect(array.count == Self.rows.count)
        for (row, (object, line)) in zip(Self.rows, zip(array, lines)) {
            #expect(object["file"] as? String == row.file)
            #expect((object["arousal"] as? Double).map(Float.init) == row.values[0][0])
            #expect((object["hidden_states"] as? [Double])?.map(Float.init) == row.values[1])
            let notices: Set = row.notices.isEmpty ? [] : ["notices"]
            #expect(
                Set(object.keys)
                    == notices.union(["file", "start", "end", "arousal", "dominance", "valence", "hidden_states"]))
            #expect(object["notices"] as? [String] ?? [] == row.notices)
            switch times {
            case .seconds: #expect(object["end"] as? Double == row.end)
            case .timedelta: #expect(object["end"] as? String == TimeStyle.timedelta.text(row.end))
            }
            #expect(NSDictionary(dictionary: object) == NSDictionary(dictionary: line ?? [:]))
        }
    }

    private func written(_ name: String, _ times: TimeStyle) throws -> [UInt8] {
        try #require(try SampleRun.undisturbed(name, times: times)[name])
    }

    @Test("the errors' table has what failed")
    func errors() throws {
        let table = try SampleRun.table(folder.file("out.jsonl"), start: .new)
        let failures = [
            RowFailure(file: "a, b.wav", reason: SampleRun.Reason("a, b.wav: no such file")),
            RowFailure(
                file: "c.wav", segment: Segment(start: 1.5), reason: SampleRun.Reason("said \"no\"\ntwice")),
        ]
        for (index, failure) in failures.enumerated() {
            try table.append(failure, then: RunPosition(recording: index + 1, failures: index + 1))
        }
        try table.finish()
        #expect(
            try folder.text("out.jsonl.errors.csv")
                == "file,start,end,error\n\"a, b.wav\",,,\"a, b.wav: no such file\"\n"
                + "c.wav,0 days 00:00:01.500000,,\"said \"\"no\"\"\ntwice\"\n")
        #expect(try SampleRun.table(folder.file("out.jsonl")).position.failures == 2)
    }

    @Test("npz holds the arrays, and the bytes of a writer that has them all at once", arguments: [0, 1, 17])
    func npz(count: Int) throws {
        let rows = Array(repeating: Self.rows, count: 2).joined().prefix(count)
        let table = try SampleRun.table(folder.file("out.npz"), start: .new)
        for (index, row) in rows.enumerated() {
            try table.append(row, then: RunPosition(recording: index + 1, rows: index + 1))
        }
        try table.finish()

        let writer = try NPZWriter(path: folder.file("whole.npz"))
        for (index, column) in SampleRun.columns.enumerated() {
            let values = rows.flatMap { $0.values[index] }
            try writer.add(NPYArray(shape: [count, column.labels.count], float32: values), named: column.name)
        }
        try writer.add(NPYArray(.string(rows.map(\.file))), named: "file")
        try writer.add(NPYArray(.float64(rows.map(\.start))), named: "start")
        try writer.add(NPYArray(.float64(rows.map(\.end))), named: "end")
        try writer.finish()
        #expect(try folder.bytes("out.npz") == folder.bytes("whole.npz"))

        let archive = try NPZArchive(contentsOf: folder.file("out.npz"))
        #expect(archive.names == ["logits", "hidden_states", "file", "start", "end"])
        #expect(try archive.array(named: "file").strings == rows.map(\.file))
        #expect(try archive.array(named: "hidden_states").shape == [count, 5])
    }

    @Test("damaged rows give no archive")
    func damagedRows() throws {
        let table = try SampleRun.table(folder.file("out.npz"), start: .new)
        try SampleRun.go(on: table)
        let handle = try FileHandle(forUpdating: URL(filePath: folder.file("out.npz.rows")))
        try handle.write(contentsOf: Data([0xFF, 0xFF, 0xFF, 0x7F]))
        try handle.close()
        let expected = ScoreTableError(
            file: folder.file("out.npz"), reason: .damagedRows(part: folder.file("out.npz.rows")))
        #expect(throws: expected) { try table.finish() }
        #expect(!folder.has("out.npz"))
    }

    @Test("a compressed table is the table, compressed the same each time", arguments: ["csv", "json", "jsonl", "txt"])
    func gzip(ending: String) throws {
        let plain = try #require(try SampleRun.undisturbed("out.\(ending)")["out.\(ending)"])
        let name = "out.\(ending).gz"
        let compressed = try #require(try SampleRun.undisturbed(name)[name])
        #expect(compressed.count < plain.count)
        // No flags, no time.
        #expect(compressed.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        try folder.write(compressed, to: name)
        let file = try #require(gzopen(folder.file(name), "rb"))
        defer { gzclose(file) }
        var bytes = [UInt8](repeating: 0, count: plain.count + 1)
        let count = Int(gzread(file, &bytes, UInt32(bytes.count)))
        #expect(Array(bytes.prefix(max(0, count))) == plain)
    }
}
