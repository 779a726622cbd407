import Corpus
import Files
import Foundation
import TestSupport
import Testing

@testable import ScoreTables

@Suite("An unfinished run")
struct UnfinishedRunTests {
    private let folder: TemporaryFolder
    private let path: String
    /// Steps after which three recordings are done, and rows and a failure are written.
    private static let steps = 9

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("out.csv")
    }

    /// Stops after some steps.
    private func stop(_ steps: Int = steps) throws { try SampleRun.go(on: SampleRun.table(path), steps: steps) }

    private func expectRefusal(
        _ reason: ScoreTableError.Reason, start: RunStart = .resume, identity: RunIdentity = SampleRun.identity
    ) throws {
        let before = try folder.files()
        let error = #expect(throws: ScoreTableError(file: path, reason: reason)) {
            try SampleRun.table(path, start: start, identity: identity)
        }
        #expect(error?.description.contains("\n") == false)
        #expect(try folder.files() == before)
    }

    @Test("is not overwritten unasked")
    func refused() throws {
        try stop()
        let done = SampleRun.positions[Self.steps - 1].recording
        try #require(done > 1)
        try expectRefusal(.unfinishedRun(recordings: done), start: .new)
        let message = ScoreTableError(file: "out.csv", reason: .unfinishedRun(recordings: 312)).description
        #expect(message == "out.csv: holds an unfinished run (312 recordings done)")
    }

    @Test("is discarded if that is asked for, also if it is damaged", arguments: [false, true], SampleRun.files)
    func restarted(isDamaged: Bool, name: String) throws {
        let expected = try SampleRun.undisturbed(name)
        // The discarded run is of another format.
        do {
            let format = name.hasSuffix("npz") ? RowFormat.csv : .text
            let old = try ScoreTable(path: folder.file(name), format: format, columns: SampleRun.columns)
            try SampleRun.go(on: old, steps: 20)
        }
        #expect(folder.has("\(name).errors.csv"))
        try folder.append("x".utf8, to: "\(name).rows")
        try folder.append("x".utf8, to: "\(name).partial")
        if isDamaged { try folder.cut("\(name).progress", to: 700) }
        do {
            let lock = try LockedFile.open(path: folder.file("\(name).progress"))
            #expect(throws: ScoreTableError(file: folder.file(name), reason: .inUse)) {
                try SampleRun.table(folder.file(name), start: .restart)
            }
            withExtendedLifetime(lock) {}
        }
        let table = try SampleRun.table(folder.file(name), start: .restart)
        #expect(table.position == RunPosition())
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files() == expected)
    }

    @Test("is resumed only as the same run")
    func otherRun() throws {
        try stop()
        var identity = SampleRun.identity
        identity.facts[1] = RunIdentity.Fact(name: "--window", value: "2.0")
        try expectRefusal(.otherRun([.init(name: "--window", before: "4.0", now: "2.0")]), identity: identity)
        identity.facts[0] = RunIdentity.Fact(name: "--root", value: "x")
        let differences: [RunIdentity.Difference] = [
            .init(name: "--root", before: nil, now: "x"), .init(name: "--window", before: "4.0", now: "2.0"),
            .init(name: "model", before: "a1b2", now: nil),
        ]
        try expectRefusal(.otherRun(differences), identity: identity)
        let message = ScoreTableError(file: "out.csv", reason: .otherRun(differences + differences)).description
        #expect(
            message == "out.csv: this file belongs to a run with other settings: --root was not given, now x; "
                + "--window was 4.0, now 2.0; model was a1b2, now not given; and 3 more")
    }

    @Test("has every value of an option that is given several times")
    func repeatedFacts() {
        func identity(_ values: String...) -> RunIdentity {
            RunIdentity(facts: values.map { RunIdentity.Fact(name: "--glob", value: $0) })
        }
        #expect(identity("a", "b").differences(from: identity("a", "b")).isEmpty)
        #expect(
            identity("a", "c").differences(from: identity("a", "b")) == [
                RunIdentity.Difference(name: "--glob", before: "a, b", now: "a, c")
            ])
    }

    @Test("is resumed only with rows that look the same")
    func otherRows() throws {
        try stop()
        let others: [(RowFormat, [OutputColumns], TimeStyle?)] = [
            (.jsonl, SampleRun.columns, nil), (.csv, Array(SampleRun.columns.dropLast()), nil),
            (.csv, SampleRun.columns, .seconds),
        ]
        let before = try folder.files()
        for (format, columns, times) in others {
            let error = #expect(throws: ScoreTableError.self) {
                try ScoreTable(
                    path: path, format: format, columns: columns, times: times, identity: SampleRun.identity,
                    start: .resume)
            }
            guard case .otherRun(let differences) = error?.reason else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(!differences.isEmpty)
        }
        #expect(try folder.files() == before)
    }

    @Test(
        "whose table or errors were cut is refused",
        arguments: ["out.csv", "out.csv.errors.csv", "out.csv.notices.csv", "out.csv.run.partial"])
    func cutShort(name: String) throws {
        try stop(20)
        let count = try folder.bytes(name).count
        for rest in [count / 2, 0] {
            try folder.cut(name, to: rest)
            try expectRefusal(.cutShort(part: folder.file(name), needed: count, found: rest))
        }
        try FileManager.default.removeItem(atPath: folder.file(name))
        try expectRefusal(.cutShort(part: folder.file(name), needed: count, found: 0))
        let table = try SampleRun.table(path, start: .restart)
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files() == SampleRun.undisturbed("out.csv"))
    }

    @Test("whose progress file is damaged is refused")
    func damaged() throws {
        try stop()
        let whole = try folder.bytes("out.csv.progress")
        let (slot, first) = (ProgressSlot.byteCount, ProgressFile.Contents.headSize)
        var damages: [[UInt8]] = [[], Array("{}".utf8), Array(whole.dropLast()), Array(whole.prefix(slot))]
        // Its first line, its identity, or both slots.
        for places in [[0], [21], [first + 4 * slot + 20], [first + 4 * slot], [first + 30, first + slot + 30]] {
            var bytes = whole
            for place in places { bytes[place] ^= 1 }
            damages.append(bytes)
        }
        for bytes in damages {
            try folder.cut("out.csv.progress", to: 0)
            try folder.append(bytes, to: "out.csv.progress")
            try expectRefusal(.damagedProgress)
            try expectRefusal(.damagedProgress, start: .new)
        }
    }

    @Test("of an earlier version is refused, and can be discarded")
    func olderVersion() throws {
        try stop()
        try folder.write(
            "0123456789abcdef sequence=7 recording=2 window=0 rows=2 failures=0 \n".utf8, to: "out.csv.progress")
        try expectRefusal(.olderProgress)
        try expectRefusal(.olderProgress, start: .new)
        let table = try SampleRun.table(path, start: .restart)
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files() == SampleRun.undisturbed("out.csv"))
    }

    @Test("is resumed from the slot before one that is torn")
    func tornSlot() throws {
        for steps in [Self.steps, Self.steps + 1] {
            let path = folder.file("\(steps).csv")
            try SampleRun.go(on: SampleRun.table(path), steps: steps)
            let name = "\(steps).csv.progress"
            let bytes = try folder.bytes(name)
            let start = ProgressFile.Contents.headSize + steps % 2 * ProgressSlot.byteCount
            for torn in [1, 100, 200] {
                try folder.cut(name, to: 0)
                let before = bytes[..<(start + torn)]
                let after = bytes[(start + ProgressSlot.byteCount)...]
                let hole = [UInt8](repeating: 0x7A, count: ProgressSlot.byteCount - torn)
                try folder.append(Array(before) + hole + Array(after), to: name)
                let table = try SampleRun.table(path)
                #expect(table.position == SampleRun.positions[steps - 2])
            }
            let table = try SampleRun.table(path)
            try SampleRun.go(on: table)
            try table.finish()
            #expect(try folder.bytes("\(steps).csv") == SampleRun.undisturbed("out.csv")["out.csv"])
        }
    }

    @Test("that lost what was not on the disk is resumed from what was")
    func powerCut() throws {
        let (stored, last) = (8, 16)
        try stop(stored)
        let lengths = try folder.files().mapValues(\.count)
        do {
            let facts = try identityInFile()
            let progress = try ProgressFile(RunPaths(table: path), identity: facts, start: .resume)
            try progress.write(try #require(progress.states.first), isStored: true)
        }
        try stop(last - stored)
        for (name, length) in lengths where name != "out.csv.progress" { try folder.cut(name, to: length + 1) }
        let table = try SampleRun.table(path)
        #expect(table.position == SampleRun.positions[stored - 1])
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files() == SampleRun.undisturbed("out.csv"))
    }

    /// With what the table adds to it.
    private func identityInFile(_ name: String = "out.csv") throws -> RunIdentity {
        let text = try #require(try folder.text("\(name).progress").split(separator: "\n").last)
        let json = try #require(text.split(separator: " ", maxSplits: 1).last)
        return try JSONDecoder().decode(RunIdentity.self, from: Data(json.utf8))
    }

    @Test("is held by one at a time", arguments: RunStart.allCases)
    func inUse(start: RunStart) throws {
        let table = try SampleRun.table(path)
        try SampleRun.go(on: table, steps: 3)
        try expectRefusal(.inUse, start: start)
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files() == SampleRun.undisturbed("out.csv"))
    }

    @Test("of which nothing is left to do is only tidied up", arguments: SampleRun.files, [true, false])
    func complete(name: String, hasRows: Bool) throws {
        let expected = try SampleRun.undisturbed(name)
        _ = try SampleRun.table(folder.file(name))
        let identity = try identityInFile(name)
        for start in [RunStart.resume, .new] {
            for (file, bytes) in expected { try folder.write(bytes, to: file) }
            try? FileManager.default.removeItem(atPath: folder.file("\(name).run.partial"))
            if hasRows { try folder.append("x".utf8, to: "\(name).rows") }
            do {
                let paths = RunPaths(table: folder.file(name))
                let progress = try ProgressFile(paths, identity: identity, start: .restart)
                var state = ProgressState()
                state.position = try #require(SampleRun.positions.last)
                state.isComplete = true
                try progress.write(state)
            }
            let table = try SampleRun.table(folder.file(name), start: start)
            #expect(table.isFinished == (start == .resume))
            #expect(table.position == (start == .resume ? SampleRun.positions.last : RunPosition()))
            if start == .new { try SampleRun.go(on: table) }
            try table.finish()
            #expect(try folder.files() == expected)
        }
    }
}
