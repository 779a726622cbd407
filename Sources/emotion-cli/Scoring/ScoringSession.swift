import ArgumentParser
import Corpus
import ScoreTables
import Scoring

/// One session of a run: from where the table ends to the end of the recordings, or until it is asked to stop.
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

    /// - Throws: `ExitCode` if recordings failed or a signal ended the session; `ScoreTableError` if a row can't be
    ///   written.
    func run(_ corpus: CorpusRun, on scorer: ExcerptScorer) throws {
        if table.isFinished {
            Messages.notice(
                "nothing to do: this run is already complete. Run it without --resume to score everything again")
        } else {
            let stop = StopRequest()
            let signals = TerminationSignals(stopping: stop)
            do {
                try corpus.run(on: scorer, from: table.position, stop: stop) { result, position, doneShare in
                    try write(result, then: position, doneShare: doneShare)
                }
            } catch {
                progress.finish()
                throw error
            }
            progress.finish()
            if let signal = signals.received, table.position.recording < progress.text.total {
                Messages.notice(
                    "ended by \(TerminationSignals.name(signal)) after \(table.position.recording) of "
                        + "\(progress.text.total) recordings"
                        + (table.errorsPath != nil ? "; run the same command with --resume to continue" : ""))
                throw ExitCode(TerminationSignals.exitStatus(signal))
            }
            try table.finish()
            try picture?.write(columns)
        }
        if table.position.failures > 0 { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    private func write(_ result: Result<Row, RowFailure>, then position: RunPosition, doneShare: Double) throws {
        let newAudio = position.audioSeconds - table.position.audioSeconds
        switch result {
        case .success(let row):
            try table.append(row, then: position)
            picture?.add(row)
        case .failure(let failure):
            let reason = Advice.line(failure.reason)
            try table.append(failure, reason: reason, then: position)
            progress.say { Messages.error("\(failure.file): \(reason)") }
        }
        progress.update { text in
            text.done = position.recording
            text.share = doneShare
            text.failures = position.failures
            text.audioSeconds += newAudio
        }
    }
}
