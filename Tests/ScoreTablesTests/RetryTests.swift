import Corpus
import Foundation
import TestSupport
import Testing

@testable import ScoreTables

/// Recordings of one to three windows, of which some fail at first, at their beginning or after some rows.
private struct FailingRun {
    let recordings = 9
    /// The recordings that fail, and before which of their windows.
    let failing: [Int: Int]

    static let first = FailingRun(failing: [0: 0, 4: 0, 5: 2, 8: 1])

    private func windows(_ recording: Int) -> Int { recording % 3 + 1 }

    private func row(_ recording: Int, _ window: Int) -> Row {
        let isLast = window + 1 == windows(recording)
        return SampleRun.row(
            "\(recording), \"x\".wav", start: Double(window), seed: recording * 7 + window,
            notices: isLast && recording % 2 == 0 ? ["line\nbreak", "doubtful"] : [])
    }

    /// Continues from where the table is, with at most `most` rows and failures.
    func go(on table: ScoreTable, steps most: Int = .max) throws {
        var steps = 0
        for recording in table.retried ?? Array(0..<recordings) where recording >= table.position.recording {
            let after = table.retried.map { $0.first { $0 > recording } ?? recordings } ?? recording + 1
            var window = recording == table.position.recording ? table.position.window : 0
            while table.position.recording <= recording {
                if steps == most { return }
                steps += 1
                var next = table.position
                let fails = failing[recording] == window
                if fails || window + 1 >= windows(recording) {
                    (next.recording, next.window) = (after, 0)
                } else {
                    (next.recording, next.window) = (recording, window + 1)
                }
                if fails {
                    next.failures += 1
                    try table.append(
                        RowFailure(file: "\(recording).wav", reason: SampleRun.Reason("gone")), then: next)
                } else {
                    next.rows += 1
                    try table.append(row(recording, window), then: next)
                }
                window += 1
            }
        }
    }

    /// The files that a run leaves, by name.
    func undisturbed(_ name: String) throws -> [String: [UInt8]] {
        let folder = try TemporaryFolder()
        let table = try SampleRun.table(folder.file(name))
        try go(on: table)
        try table.finish()
        return try folder.files()
    }
}

@Suite("A finished run whose failures are scored again")
struct RetryTests {
    static let names = SampleRun.files.filter { !$0.hasSuffix("npz") }
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func finish(_ run: FailingRun, _ name: String, start: RunStart = .resume) throws {
        let table = try SampleRun.table(folder.file(name), start: start)
        try run.go(on: table)
        try table.finish()
    }

    @Test("has the files of one in which nothing failed, or less", arguments: names)
    func whole(name: String) throws {
        let runs = [FailingRun(failing: [5: 1, 8: 0]), FailingRun(failing: [5: 2]), FailingRun(failing: [:])]
        try finish(.first, name)
        for run in runs {
            let before = try folder.files()
            #expect(try SampleRun.table(folder.file(name), start: .resume).isFinished)
            #expect(try folder.files() == before)
            try finish(run, name, start: .retry)
            #expect(try folder.files() == run.undisturbed(name))
        }
        #expect(try SampleRun.table(folder.file(name), start: .retry).isFinished)
    }

    @Test(
        "scores only what failed, and continues where it was interrupted", arguments: names, [RunStart.resume, .retry])
    func interrupted(name: String, start: RunStart) throws {
        let all = FailingRun(failing: [:])
        let expected = try all.undisturbed(name)
        for steps in 0..<8 {
            try? FileManager.default.removeItem(atPath: folder.file(name))
            try finish(.first, name)
            do {
                let table = try SampleRun.table(folder.file(name), start: .retry)
                #expect(table.retried == [0, 4, 5, 8])
                try all.go(on: table, steps: steps)
            }
            #expect(throws: ScoreTableError.self) { try SampleRun.table(folder.file(name), start: .new) }
            try finish(all, name, start: start)
            #expect(try folder.files() == expected, "stopped after \(steps) steps")
        }
    }

    @Test("leaves the table as it is until it is whole", arguments: names)
    func untouched(name: String) throws {
        try finish(.first, name)
        let before = try folder.files()
        let table = try SampleRun.table(folder.file(name), start: .retry)
        try FailingRun(failing: [:]).go(on: table)
        for (file, bytes) in before { #expect(try folder.bytes(file) == bytes, "\(file)") }
        try table.finish()
        let after = try folder.contents()
        #expect(after == [name, "\(name).notices.csv", "\(name).run"])
    }

    @Test("at random moments killed, and resumed", arguments: ["out.csv", "out.json.gz"])
    func killed(name: String) async throws {
        let expected = try FailingRun(failing: [:]).undisturbed(name)
        for _ in 0..<6 {
            let folder = try TemporaryFolder()
            let path = folder.file(name)
            let delay = Int.random(in: 0..<6_000)
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
                Thread.detachNewThread {
                    usleep(useconds_t(delay))
                    kill(getpid(), SIGKILL)
                }
                while true {
                    for (run, start) in [(FailingRun.first, RunStart.restart), (FailingRun(failing: [:]), .retry)] {
                        let table = try SampleRun.table(path, start: start)
                        try run.go(on: table)
                        try table.finish()
                    }
                }
            }
            // The first run or the second, unfinished or not.
            for _ in 0..<2 {
                let table = try SampleRun.table(path, start: .retry)
                if table.isFinished { continue }
                try FailingRun(failing: [:]).go(on: table)
                try table.finish()
            }
            #expect(try folder.files() == expected, "killed after \(delay) µs")
        }
    }

    @Test("is refused in a format that has no place between its rows")
    func archive() throws {
        try finish(.first, "out.npz")
        let before = try folder.files()
        #expect(throws: ScoreTableError(file: folder.file("out.npz"), reason: .notRetriable(.npz))) {
            try SampleRun.table(folder.file("out.npz"), start: .retry)
        }
        #expect(try folder.files() == before)
    }

    @Test("needs the notices that its table has")
    func withoutNotices() throws {
        try finish(.first, "out.csv")
        try FileManager.default.removeItem(atPath: folder.file("out.csv.notices.csv"))
        let before = try folder.files()
        let reason = ScoreTableError.Reason.changed(part: folder.file("out.csv.notices.csv"))
        #expect(throws: ScoreTableError(file: folder.file("out.csv"), reason: reason)) {
            try SampleRun.table(folder.file("out.csv"), start: .retry)
        }
        #expect(try folder.files() == before)
    }
}
