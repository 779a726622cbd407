import ArgumentParser
import ScoreTables
import Scoring

/// One session of a run: from where the table ends to the end of the recordings, or until somebody wants it to stop.
final class ScoringSession {
    private let table: ScoreTable
    private let columns: ScoreColumns
    private let picture: TimelinePicture?
    private var progress: ProgressReport

    init(
        table: ScoreTable, columns: ScoreColumns, total: Int, isQuiet: Bool, picture: TimelinePicture?
    ) throws {
        self.table = table
        self.columns = columns
        self.picture = picture
        let position = table.position
        progress = ProgressReport(
            .init(isQuiet: isQuiet),
            ProgressText(
                total: total, done: position.recording, failures: position.failures,
                doneBefore: Double(position.recording)))
    }

    /// - Throws: `ExitCode` where recordings failed or a signal ended the session; `ScoreTableError` where a row can't be
    ///   written.
    func run(_ corpus: CorpusRun, on scorer: ExcerptScorer) throws {
        if table.isFinished {
            Messages.notice("the run is complete already, and nothing was scored; without --resume it is written anew")
        } else {
            let stop = StopRequest()
            let signals = TerminationSignals(stopping: stop)
            let start = Place(recording: table.position.recording, window: table.position.window)
            do {
                try corpus.run(on: scorer, from: start, stop: stop) { try write($0) }
            } catch {
                progress.finish()
                throw error
            }
            progress.finish()
            if let signal = signals.received, table.position.recording < progress.text.total {
                Messages.notice(
                    "ended by \(TerminationSignals.name(signal)) after \(table.position.recording) of "
                        + "\(progress.text.total) recordings"
                        + (table.errorsPath != nil ? "; the same command with --resume goes on" : ""))
                throw ExitCode(TerminationSignals.exitStatus(signal))
            }
            try table.finish()
            try picture?.write(columns)
        }
        if table.position.failures > 0 { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    private func write(_ row: CorpusRow) throws {
        var position = table.position
        let isWindow = row.next.recording == position.recording && row.next.window > 0
        position.recording = row.next.recording
        position.window = row.next.window
        var newAudio = 0.0
        switch row.result {
        case .success(let scores):
            position.rows += 1
            newAudio = scores.end - max(scores.start, lastEnd)
            lastEnd = isWindow ? scores.end : -.infinity
            position.audioSeconds += newAudio
            try table.append(
                Row(file: row.file, start: scores.start, end: scores.end, values: columns.values(scores)),
                then: position)
            picture?.add(scores)
        case .failure(let failure):
            position.failures += 1
            lastEnd = -.infinity
            try table.append(
                FailedRow(file: row.file, start: failure.start, end: failure.end, reason: failure.reason),
                then: position)
            progress.say { Messages.error("\(row.file): \(failure.reason)") }
        }
        progress.update { text in
            text.done = position.recording
            text.share = row.doneShare
            text.failures = position.failures
            text.audioSeconds += newAudio
        }
    }

    /// Where the last window of the recording in hand ends, in seconds: windows overlap, and audio counts once.
    private var lastEnd = -Double.infinity
}
