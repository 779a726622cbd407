import Testing

@testable import emotion_cli

@Suite("Progress")
struct ProgressTextTests {
    @Test("tells what is done, how fast, and what is left")
    func line() {
        let text = ProgressText(
            total: 2000, done: 500, failures: 3, seconds: 120, audioSeconds: 4464, doneBefore: 100)
        // 400 recordings took 120 s; there are 1500 left.
        #expect(text.line == "500 of 2000 recordings, 3 failed, 1.24 h of audio, 37.2 × real time, 7 min 30 s left")
    }

    @Test("says nothing that can't be known yet")
    func start() {
        #expect(ProgressText(total: 1, done: 0).line == "0 of 1 recording, 0 s of audio")
        #expect(ProgressText(total: 0, done: 0).secondsLeft == nil)
        #expect(ProgressText(total: 5, done: 5, seconds: 10).secondsLeft == nil)
        #expect(ProgressText(total: 5, done: 3, seconds: 10, doneBefore: 3).secondsLeft == nil)
    }

    @Test("counts the part of a long recording that is done")
    func share() {
        let text = ProgressText(total: 1, done: 0, share: 0.25, seconds: 60, audioSeconds: 2700)
        #expect(text.secondsLeft == 180)
        #expect(text.line == "0 of 1 recording, 45 min of audio, 45.0 × real time, 3 min left")
    }

    @Test("names a recording that takes long, and counts notices")
    func current() {
        var text = ProgressText(total: 2, done: 0, notices: 2, seconds: 40)
        text.current = ("a\u{1B}.wav", 4.9)
        #expect(text.line == "0 of 2 recordings, 2 notices, 0 s of audio")
        text.current = ("a\u{1B}.wav", 40)
        #expect(text.line == "0 of 2 recordings, 2 notices, 0 s of audio, a\\u{1B}.wav for 40 s now")
        #expect(ProgressText(total: 2, done: 2, notices: 1).summary == "2 recordings, 1 notice, 0 s of audio in 0 s")
    }

    @Test("sums up at the end")
    func summary() {
        let text = ProgressText(total: 12, done: 12, failures: 1, seconds: 61, audioSeconds: 59.6)
        #expect(text.summary == "12 recordings, 1 failed, 1 min of audio in 1 min 1 s, 0.98 × real time")
    }

    @Test(
        "durations are short",
        arguments: [
            (0.0, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1.00 h"), (36_000, "10.0 h"),
        ])
    func durations(seconds: Double, expected: String) {
        #expect(ProgressText.duration(seconds) == expected)
    }
}
