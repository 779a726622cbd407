import Corpus
import Files
import Foundation
import ScoreTables
import TestSupport
import Testing

/// No file of the process may grow beyond `byteCount` bytes, which stands in for a full disk.
private func limitFileSize(_ byteCount: Int) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t(byteCount))
    #if os(Linux)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #else
        setrlimit(RLIMIT_FSIZE, &limit)
    #endif
}

@Suite("Where there is no room")
struct FullDiskTests {
    /// Rows that fill 20 kB in every format.
    static let rowCount = 60
    static let columns = [
        OutputColumns(name: "hidden_states", labels: (0..<80).map { "hidden_states-\($0)" }, isLabelled: false)
    ]

    static func table(_ path: String) throws -> ScoreTable {
        let format = try #require(RowFormat(extensionOf: path))
        return try ScoreTable(path: path, format: format, columns: columns, start: .resume)
    }

    static func write(to table: ScoreTable) throws {
        for index in table.position.rows..<rowCount {
            let values = columns[0].labels.indices.map { Float((index * 7919 + $0 * 104_729) % 10_007) / 10_007 }
            let row = Row(file: "\(index).wav", start: 0, end: 1, values: [values])
            try table.append(row, then: RunPosition(recording: index + 1, rows: index + 1))
        }
    }

    @Test(
        "a table says so, keeps whole rows, and is resumed",
        arguments: ["out.csv", "out.jsonl", "out.json", "out.npz", "out.csv.gz"], [3_000, 6_001, 12_345])
    func limited(name: String, limit: Int) async throws {
        let whole = try TemporaryFolder()
        let undisturbed = try Self.table(whole.file(name))
        try Self.write(to: undisturbed)
        try undisturbed.finish()

        let folder = try TemporaryFolder()
        let path = folder.file(name)
        await #expect(processExitsWith: .success) { [path = path as String, limit = limit as Int] in
            limitFileSize(limit)
            let error = #expect(throws: ScoreTableError.self) {
                let table = try FullDiskTests.table(path)
                try FullDiskTests.write(to: table)
            }
            #expect(error == ScoreTableError(file: path, reason: .cannotWrite(code: EFBIG, isKept: true)))
            #expect(error?.description.split(separator: "\n").count == 1)
        }
        let rows = name.hasSuffix("npz") || name.hasSuffix("gz") ? "\(name).rows" : name
        #expect(try folder.contents() == [rows, "\(name).progress", "\(name).run.partial"].sorted())
        let kept = try folder.bytes(rows)
        #expect(kept.count <= limit)
        if !name.hasSuffix("npz") { #expect([UInt8(ascii: "\n"), UInt8(ascii: "}")].contains(kept.last)) }

        let table = try Self.table(path)
        #expect(table.position.rows > 0)
        #expect(table.position.rows < Self.rowCount)
        try Self.write(to: table)
        try table.finish()
        #expect(try folder.files() == whole.files())
    }

    @Test("the end of a run says so, and can be tried again", arguments: ["out.npz", "out.json.gz", "out.json"])
    func ending(name: String) async throws {
        let whole = try TemporaryFolder()
        let undisturbed = try Self.table(whole.file(name))
        try Self.write(to: undisturbed)
        try undisturbed.finish()

        let folder = try TemporaryFolder()
        let path = folder.file(name)
        try Self.write(to: Self.table(path))
        let isAssembled = name != "out.json"
        if isAssembled { try folder.write("older".utf8, to: name) }
        // The progress file may grow, which it doesn't; what is assembled may not, nor the closing bracket be added.
        let limit = isAssembled ? 3_000 : try folder.bytes(name).count + 1
        let before = try folder.files()
        await #expect(processExitsWith: .success) { [path = path as String, limit = limit as Int] in
            limitFileSize(limit)
            let table = try FullDiskTests.table(path)
            let expected = ScoreTableError(file: path, reason: .cannotWrite(code: EFBIG, isKept: true))
            for _ in 1...2 { #expect(throws: expected) { try table.finish() } }
        }
        #expect(try folder.files() == before)
        try Self.table(path).finish()
        #expect(try folder.files() == whole.files())
    }

    @Test("a run leaves nothing that could not begin")
    func beginning() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.csv")
        try folder.write("older".utf8, to: "out.csv")
        await #expect(processExitsWith: .success) { [path = path as String] in
            limitFileSize(100)
            let expected = ScoreTableError(file: path, reason: .cannotWrite(code: EFBIG, isKept: false))
            #expect(throws: expected) {
                try ScoreTable(path: path, format: .csv, columns: FullDiskTests.columns, replacesForeign: true)
            }
        }
        #expect(try folder.contents() == ["out.csv"])
        #expect(try folder.text("out.csv") == "older")
    }

    @Test(
        "a device says so", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
        arguments: RowFormat.allCases)
    func device(format: RowFormat) throws {
        let expected = ScoreTableError(file: "/dev/full", reason: .cannotWrite(code: ENOSPC, isKept: false))
        #expect(throws: expected) {
            let table = try ScoreTable(path: "/dev/full", format: format, columns: SampleRun.columns)
            try table.append(SampleRun.row("a.wav", seed: 1), then: RunPosition(recording: 1, rows: 1))
            try table.finish()
        }
    }
}
