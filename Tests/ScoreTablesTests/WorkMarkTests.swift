import Corpus
import TestSupport
import Testing

@testable import ScoreTables

@Suite("A recording that ends the program")
struct WorkMarkTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("out.csv")
    }

    /// A session that scores some recordings and is then killed, or stops by itself.
    private func session(recordings: Int = 0, isLong: Bool = false, stops: Bool = false) throws {
        let table = try SampleRun.table(path)
        try table.beginSession(inFlight: 5)
        for _ in 0..<recordings {
            var next = table.position
            next.recording += 1
            try table.append(SampleRun.row("a.wav", seed: next.recording), then: next)
        }
        if isLong { try table.noteLongExcerpt() }
        if stops { try table.endSession() }
    }

    private func blame() throws -> Int? {
        let table = try SampleRun.table(path)
        try table.beginSession(inFlight: 5)
        return table.blame
    }

    @Test("is found out when it does so a second time")
    func twice() throws {
        try session(recordings: 2, isLong: true)
        try session(isLong: true)
        let table = try SampleRun.table(path)
        #expect(table.position.recording == 2)
        try table.beginSession(inFlight: 5)
        #expect(table.blame == 2)
        #expect(table.aloneUntil == 7)
        try table.append(
            RowFailure(file: "a.wav", reason: SampleRun.Reason("ended")), then: RunPosition(recording: 3, failures: 1))
        #expect(table.blame == nil)
    }

    @Test("that had hardly begun, when it does so a sixth time")
    func sixTimes() throws {
        try session(isLong: true)
        for _ in 2...5 {
            try session()
            let table = try SampleRun.table(path)
            #expect(table.blame == nil)
        }
        try session()
        #expect(try blame() == 6)
    }

    @Test("is not blamed for one end, nor for two with something done in between, nor for a stop")
    func innocent() throws {
        try session(isLong: true)
        #expect(try blame() == nil)
        try session(recordings: 1, isLong: true)
        #expect(try blame() == nil)
        try session(isLong: true, stops: true)
        try session(isLong: true)
        #expect(try blame() == nil)
        #expect(try SampleRun.table(path).aloneUntil > 0)
    }

    @Test("and what was in hand with it is scored one at a time")
    func company() throws {
        try session(recordings: 3)
        #expect(try SampleRun.table(path).aloneUntil == 0)
        let table = try SampleRun.table(path)
        try table.beginSession(inFlight: 5)
        #expect(table.aloneUntil == 3 + 5)
        try table.endSession()
        #expect(table.aloneUntil == 0)
    }

    @Test("costs the finished files nothing")
    func identical() throws {
        for isLong in [true, false, false, true] {
            let table = try SampleRun.table(path)
            try table.beginSession(inFlight: 5)
            try SampleRun.go(on: table, steps: 5)
            if isLong { try table.noteLongExcerpt() }
        }
        let table = try SampleRun.table(path)
        try SampleRun.go(on: table)
        try table.finish()
        #expect(try folder.files() == SampleRun.undisturbed("out.csv"))
    }

    @Test("the mark is read back from the progress file")
    func text() throws {
        var state = ProgressState()
        state.position = RunPosition(recording: 5, window: 6, rows: 7, failures: 8, audioSeconds: 1.0 / 3)
        (state.notices, state.rowBytes, state.errorBytes, state.noticeBytes, state.runBytes) = (1, 2, 3, 4, 5)
        state.beginning = .init(failures: 9, rowBytes: 10, noticeBytes: 11)
        state.mark = WorkMark(
            isAtWork: true, isLong: true, recording: 12, window: 13, deaths: 14, wasLong: true, aloneUntil: 15)
        (state.isWhole, state.isComplete) = (true, false)
        let slot = ProgressSlot(sequence: 3, state: state)
        #expect(slot.bytes.count == ProgressSlot.byteCount)
        #expect(ProgressSlot(slot.bytes[...]) == slot)
        // Of petabytes, and as many recordings.
        let most = 999_999_999_999_999
        state.position = RunPosition(
            recording: most, window: most, rows: most, failures: most, audioSeconds: 123_456_789_012.123_45)
        (state.notices, state.rowBytes, state.errorBytes, state.noticeBytes, state.runBytes) = (
            most, most, most, most, most
        )
        state.beginning = .init(failures: most, rowBytes: most, noticeBytes: most)
        (state.mark.recording, state.mark.window, state.mark.aloneUntil) = (most, most, most)
        let large = ProgressSlot(sequence: most, state: state)
        #expect(large.bytes.count == ProgressSlot.byteCount)
        #expect(ProgressSlot(large.bytes[...]) == large)
    }
}
