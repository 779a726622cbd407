import ArgumentParser
import Corpus
import Foundation
import ScoreTables
import Scoring
import Synchronization

/// One session of a run: from where the table ends to the end of the recordings, or until it is asked to stop.
final class ScoringSession {
    private let table: ScoreTable
    private let columns: ScoreColumns
    private let picture: TimelinePicture?
    private var progress: ProgressReport

    init(table: ScoreTable, columns: ScoreColumns, total: Int, isQuiet: Bool, picture: TimelinePicture?) throws {
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

/// SIGINT and SIGTERM as requests to stop: the first lets the work in progress finish, a second ends the process at once.
final class TerminationSignals {
    private final class First: Sendable {
        /// 0 until a signal comes.
        let number = Atomic<Int32>(0)
    }

    private let first = First()
    private let sources: [any DispatchSourceSignal]

    init(stopping request: StopRequest) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
        }
        for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
            source.setEventHandler { [first] in
                if first.number.exchange(number, ordering: .relaxed) != 0 { _exit(Self.exitStatus(number)) }
                request.request()
                // Somebody at a keyboard may not want to wait.
                if isatty(STDERR_FILENO) != 0 {
                    Messages.notice("finishing the recordings in progress; press Ctrl-C again to stop now")
                }
            }
            source.resume()
        }
    }

    /// The signal that came first; nil if none did.
    var received: Int32? {
        let number = first.number.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// The exit status that a shell expects of a process that ended because of a signal.
    static func exitStatus(_ signal: Int32) -> Int32 { 128 + signal }

    static func name(_ signal: Int32) -> String { signal == SIGINT ? "SIGINT" : "SIGTERM" }
}
