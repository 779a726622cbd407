import Corpus
import Files
import Foundation
import TestSupport
import Testing

@testable import ScoreTables

@Suite("What a finished run leaves")
struct FinishedRunTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ name: String = "out.csv") throws -> [UInt8] {
        let table = try SampleRun.table(folder.file(name), start: .restart)
        try SampleRun.go(on: table)
        try table.finish()
        return try folder.bytes("\(name).run")
    }

    @Test("says what it was of and what became of it", arguments: SampleRun.files)
    func contents(name: String) throws {
        let bytes = try run(name)
        let run = try #require(FinishedRun(bytes))
        #expect(bytes.starts(with: "emotion-cli run 1\n{".utf8))
        #expect(Set(run.identity.facts).isSuperset(of: SampleRun.identity.facts))
        #expect(run.totals.recordings == SampleRun.positions.last?.recording)
        #expect(run.totals.failures == SampleRun.positions.last?.failures)
        #expect(run.totals.tableBytes == (try folder.bytes(name).count))
        #expect(run.totals.errorBytes == (try folder.bytes("\(name).errors.csv").count))
        #expect(run.totals.noticeBytes == (try folder.bytes("\(name).notices.csv").count))
        // One in five, and those of which a window failed.
        #expect(run.failed.map(\.recording) == [1, 3, 8])
        #expect(run.failed[0].rowBytes.isEmpty == false && run.failed[1].rowBytes.isEmpty)
    }

    @Test("is not believed if a byte of it is another one")
    func damaged() throws {
        let bytes = try run()
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[place] ^= 4
            #expect(FinishedRun(damaged) == nil, "byte \(place)")
        }
        for count in stride(from: 0, to: bytes.count, by: 31) {
            #expect(FinishedRun(Array(bytes.prefix(count))) == nil)
        }
    }

    @Test("ranges that can't be are refused, though the checksum is right")
    func impossible() throws {
        let totals = FinishedRun.Totals(
            recordings: 9, failures: 2, notices: 0, rowBytes: 100, errorBytes: 0, noticeBytes: 0, tableBytes: 0,
            tableChecksum: "0")
        func parsed(_ lines: String) throws -> FinishedRun? {
            let beginning = try FinishedRun.opening(SampleRun.identity) + Array(lines.utf8)
            return FinishedRun(beginning + FinishedRun.closing(totals, after: beginning))
        }
        let good = "failed recording=2 row-bytes=10..<20 notice-bytes=0..<0\n"
        #expect(try parsed(good)?.failed.count == 1)
        let bad = [
            "failed recording=2 row-bytes=20..<10 notice-bytes=0..<0\n", good + good,
            "failed recording=2 row-bytes=90..<101 notice-bytes=0..<0\n", "failed recording=x\n", "\n", "other\n",
            "failed recording=2 row-bytes=-1..<10 notice-bytes=0..<0\n",
            "failed recording=2 row-bytes=1..<99999999999999999999 notice-bytes=0..<0\n",
            good + "failed recording=3 row-bytes=15..<20 notice-bytes=0..<0\n",
        ]
        for lines in bad { #expect(try parsed(lines) == nil, "\(lines)") }
    }

    @Test(
        "rows of NaN stand for failures where that is asked for",
        arguments: ["out.csv", "out.jsonl", "out.txt", "out.npz"])
    func filled(name: String) throws {
        let path = folder.file(name)
        let table = try ScoreTable(
            path: path, format: try #require(RowFormat(extensionOf: path)), columns: SampleRun.columns,
            fillsFailures: true, identity: SampleRun.identity)
        try table.append(SampleRun.row("a.wav", seed: 1), then: RunPosition(recording: 1, rows: 1))
        try table.append(
            RowFailure(file: "b.wav", reason: SampleRun.Reason("gone")),
            then: RunPosition(recording: 2, rows: 1, failures: 1))
        try table.finish()
        if name == "out.csv" {
            #expect(try folder.text(name).hasSuffix("\nb.wav,NaT,NaT,nan,nan,nan,nan,nan,nan,nan,nan\n"))
        } else if name == "out.jsonl" {
            #expect(
                try folder.text(name).hasSuffix(
                    "\n{\"file\": \"b.wav\", \"start\": null, \"end\": null, \"arousal\": null, \"dominance\": null, "
                        + "\"valence\": null, \"hidden_states\": [null, null, null, null, null]}\n"))
        }
        #expect(throws: ScoreTableError.self) {
            try ScoreTable(
                path: path, format: try #require(RowFormat(extensionOf: path)), columns: SampleRun.columns,
                identity: SampleRun.identity, start: .resume)
        }
    }

    @Test("notices are in a table of their own, and in JSON")
    func notices() throws {
        let notices = ["all samples are zero", "a \"comma\", and more"]
        for name in ["out.csv", "out.jsonl"] {
            let table = try SampleRun.table(folder.file(name), start: .new)
            try table.append(SampleRun.row("a.wav", seed: 1), then: RunPosition(recording: 1, rows: 1))
            try table.append(
                SampleRun.row("b, c.wav", start: 1, seed: 2, notices: notices), then: RunPosition(recording: 2, rows: 2)
            )
            #expect(table.noticeCount == 2)
            try table.finish()
            #expect(
                try folder.text("\(name).notices.csv") == """
                    file,start,end,notice
                    "b, c.wav",0 days 00:00:01,0 days 00:00:04.062500,all samples are zero
                    "b, c.wav",0 days 00:00:01,0 days 00:00:04.062500,"a ""comma"", and more"

                    """)
        }
        let rows = try folder.text("out.jsonl").split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(rows[0]["notices"] == nil)
        #expect(rows[1]["notices"] as? [String] == notices)
    }
}

@Suite("A sample of a file's contents")
struct ContentSampleTests {
    @Test("shows its size, its ends and every block", arguments: [0, 1, 4096, 262_144, 262_145, 1_000_003])
    func differs(size: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        func checksum(_ bytes: [UInt8]) throws -> String {
            try ContentSample.checksum(of: try RegularFile(try folder.write(bytes, to: "file")))
        }
        let whole = try checksum(bytes)
        #expect(try checksum(bytes) == whole)
        #expect(try checksum(bytes + [0]) != whole)
        for place in Set([0, size - 1, size / 63 * 5, size / 2]) where bytes.indices.contains(place) {
            var other = bytes
            // A block and more, as a model with other weights has it everywhere.
            for index in place..<min(size, place + size / 32 + 1) { other[index] ^= 1 }
            #expect(try checksum(other) != whole, "from byte \(place)")
        }
    }
}
