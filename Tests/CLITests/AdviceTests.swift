import AudioInput
import Corpus
import Testing
import W2V2Engine

@testable import ScoreTables
@testable import Scoring
@testable import emotion_cli

@Suite("An error on the command line")
struct AdviceTests {
    @Test(
        "names the options that help, in one line",
        arguments: [
            (ExcerptError(duration: 0.5, window: 1), "a window of 1.0 s; --pad-last or --min-duration pads it"),
            (
                RowFailure(
                    file: "x", reason: InputError.noFile(wanted: "audio file", isRecursive: false, hasSubfolders: true)),
                "x: there is no audio file in this folder; --recursive looks into the folders in it too"
            ),
            (
                RowFailure(
                    file: "x", reason: InputError.noFile(wanted: "audio file", isRecursive: false, hasSubfolders: false)
                ),
                "x: there is no audio file in this folder"
            ),
            (
                RowFailure(file: "x", reason: InputError.noFileColumn(columns: ["a", "b"])),
                "its columns are 'a' and 'b' (--file-column NAME chooses one)"
            ),
            (
                InputError.noFileColumn(columns: ["a.wav"]),
                "its only column is 'a.wav' (--file-column NAME chooses one; --files-from reads a list of files)"
            ),
            (
                InputError.sameMeaning(["file", "path"], "the recording"),
                "both mean the recording; rename or remove one of them (--file-column NAME chooses one)"
            ),
            (
                RowFailure(file: "x", reason: AudioError.Reason.needsFFmpeg("AAC audio", isMissing: true)),
                "x: AAC audio; ffmpeg reads it, and is not installed (--ffmpeg PATH)"
            ),
            (
                AudioError(file: "x", reason: .truncated(declared: 20, found: 10, unit: .bytes)),
                "promises 20 bytes of audio, but there are 10; --accept-truncated scores what there is"
            ),
            (
                AudioError.Reason.further(declared: 20, further: 10),
                "10 more follow that are no chunk; --accept-truncated scores what there is"
            ),
            (AudioError.Reason.truncated(declared: 20, found: 0, unit: .bytes), "but there are 0"),
            (AudioError.Reason.damaged(position: 0, nil), "truncated or damaged after 0.000 s"),
            (
                AudioError.Reason.otherKind("a text file"),
                "not audio but a text file; a list of files is given with --files-from, a table as .csv"
            ),
            (
                EngineError.statesTooLarge(bytes: 2, attention: 1, available: 1),
                "or a shorter part of the recording (--layers LIST, or a table with start and end)"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .unfinishedRun(recordings: 312)),
                "a.csv: holds an unfinished run (312 recordings done); --resume continues it, --restart discards it"
            ),
            (
                ScoreTableError(
                    file: "a.csv", reason: .otherRun([.init(name: "--window", before: "4.0 s", now: "2.0 s")])),
                "a.csv: this file belongs to a run with other settings: --window was 4.0 s, now 2.0 s; "
                    + "repeat those to resume it, or discard it with --restart"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .damagedProgress),
                "a.csv: the unfinished run can't be resumed: its .progress file is damaged; --restart discards it"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .cutShort(part: "a.csv", needed: 9, found: 4)),
                "a.csv should have at least 9 bytes and has 4; --restart discards it"
            ),
            (
                ScoreTableError(file: "a.npz", reason: .damagedRows(part: "a.npz.rows")),
                "a.npz: the run can't be finished: the rows in a.npz.rows are damaged; --restart discards it"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .cannotWrite(code: 28, isKept: true)),
                "; the rows so far are kept; --resume continues from them"
            ),
            (
                ScoreTableError(file: "/dev/null", reason: .notResumable),
                "/dev/null: not a regular file, so there is no run to resume; --resume needs --output FILE"
            ),
            (
                ScoreTableError(file: "standard output", reason: .binaryOnTerminal),
                "give --output FILE, or send standard output to a file"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .foreign(part: nil)),
                "a.csv: already exists, and no run of this program left it; choose another name, or replace it with --force"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .changed(part: "a.csv.notices.csv")),
                "a.csv: a.csv.notices.csv was changed since a run of this program left it; choose another name, or replace "
                    + "it with --force"
            ),
            (
                ScoreTableError(file: "a.csv", reason: .olderProgress),
                "an earlier version of this program began it; --restart discards it"
            ),
            (
                ScoreTableError(
                    file: "a.csv",
                    reason: .otherRun([.init(name: "the inputs", before: "4 recordings", now: "5 recordings")])),
                "the inputs were 4 recordings, now 5 recordings; repeat those to resume it, or discard it with --restart"
            ),
            (
                RowFailure(
                    AudioError(file: "x.wav", reason: .notFound), of: Recording(name: "x.wav", path: "folder/x.wav")),
                "x.wav: no such file in folder"
            ),
            (RowFailure(file: "x.wav", reason: AudioError.Reason.notFound), "x.wav: no such file"),
            (
                FatalRecording(deaths: 2, isWhole: true),
                "the program was ended twice while it scored this recording; --window SECONDS scores it in pieces"
            ),
            (FatalRecording(deaths: 4, isWhole: false), "was ended 4 times while it scored this recording"),
            (ScoreTableError(file: "a.csv", reason: .inUse), "a.csv: another process is writing it"),
        ] as [(any Error, String)])
    func options(error: any Error, end: String) {
        let line = Advice.line(error)
        #expect(line.hasSuffix(end), "\(line)")
        #expect(!line.contains("\n"))
    }
}
