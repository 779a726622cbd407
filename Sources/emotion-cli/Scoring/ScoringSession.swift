import ArgumentParser
import Corpus
import Foundation
import ScoreTables
import Scoring

/// One session of a run: from where the table ends to the end of the recordings, or until it is asked to stop.
final class ScoringSession {
    private let table: ScoreTable
    private let columns: ScoreColumns
    private let picture: TimelinePicture?
    private var progress: ProgressReport
    private var remarks: RemarkLines
    private let stop = StopRequest()
    /// When there was something to take last, or the session began.
    private var lastStep = ContinuousClock.now

    /// An excerpt that takes longer had begun in earnest when the program is ended.
    private static let longExcerpt = Duration.milliseconds(500)

    init(table: ScoreTable, columns: ScoreColumns, total: Int, isQuiet: Bool, picture: TimelinePicture?) {
        self.table = table
        self.columns = columns
        self.picture = picture
        let position = table.position
        progress = ProgressReport(
            .init(isQuiet: isQuiet),
            ProgressText(
                total: total, done: position.recording, failures: position.failures, notices: table.noticeCount,
                doneBefore: Double(position.recording)))
        remarks = RemarkLines(errorsPath: table.errorsPath, noticesPath: table.noticesPath)
    }

    /// - Throws: `ExitCode` if recordings failed or a signal ended the session; `ScoreTableError` if a row can't be
    ///   written; `CommandError` if the system failed.
    func run(_ corpus: CorpusRun, on scorer: ExcerptScorer) throws {
        if table.isFinished {
            let failures = table.position.failures
            Messages.notice(
                "nothing to do: this run is already complete"
                    + (failures > 0 ? "; --retry scores again what failed" : "")
                    + ". Without --resume and --retry, everything is scored again")
        } else {
            let isResumable = table.errorsPath != nil
            let signals = TerminationSignals(stopping: stop, isResumable: isResumable)
            do {
                try table.beginSession(inFlight: scorer.mostInFlight)
                try score(corpus, on: scorer)
                if stop.isRequested { try table.endSession() }
            } catch {
                try? table.endSession()
                progress.finish(isNeeded: remarks.areCut)
                guard let failure = error as? SystemFailure else { throw error }
                throw CommandError(
                    "\(failure)" + (isResumable ? "; the rows so far are kept; --resume continues from them" : ""))
            }
            progress.finish(isNeeded: remarks.areCut)
            if let signal = signals.received, table.position.recording < progress.text.total {
                Messages.notice(
                    "ended by \(TerminationSignals.name(signal)) after \(table.position.recording) of "
                        + "\(progress.text.total) recordings"
                        + (isResumable ? TerminationSignals.wayOn : ""))
                throw ExitCode(TerminationSignals.exitStatus(signal))
            }
            try table.finish()
            try picture?.write(columns)
        }
        if table.position.failures > 0 { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    /// First what may have ended the session before, one recording at a time.
    private func score(_ corpus: CorpusRun, on scorer: ExcerptScorer) throws {
        let alone = scorer.alone
        while !stop.isRequested, table.position.recording < table.aloneUntil,
            let recording = corpus.recording(at: table.position)
        {
            let before = table.position
            var after = corpus.position(passing: before)
            if let deaths = table.blame, let recording = try? recording.get() {
                let reason = FatalRecording(deaths: deaths, isWhole: corpus.scoresWholeRecordings)
                after.failures += 1
                try write(.failure(RowFailure(reason, of: recording)), then: after, doneShare: 0)
                continue
            }
            try score(corpus, on: alone, until: before.recording + 1)
            // It may have become shorter than what is done of it.
            if table.position == before, !stop.isRequested { try table.advance(to: after) }
        }
        if !stop.isRequested { try score(corpus, on: scorer, until: nil) }
    }

    private func score(_ corpus: CorpusRun, on scorer: ExcerptScorer, until end: Int?) throws {
        try corpus.run(
            on: scorer, from: table.position, until: end, stop: stop,
            take: { try write($0, then: $1, doneShare: $2) },
            whileWaiting: { try wait(for: corpus) })
    }

    private func wait(for corpus: CorpusRun) throws {
        let time = lastStep.duration(to: .now)
        if stop.isRequested {
            // Whatever ends the program from here on is no recording's fault.
            try table.endSession()
        } else if time > Self.longExcerpt {
            try table.noteLongExcerpt()
        }
        let name = (try? corpus.recording(at: table.position)?.get())?.name
        progress.update { $0.current = name.map { ($0, time / .seconds(1)) } }
    }

    private func write(_ result: Result<Row, RowFailure>, then position: RunPosition, doneShare: Double) throws {
        let newAudio = position.audioSeconds - table.position.audioSeconds
        switch result {
        case .success(let row):
            try table.append(row, then: position)
            picture?.add(row)
            for notice in row.notices { remarks.say(notice: notice, of: row.file, &progress) }
        case .failure(let failure):
            let reason = Advice.reason(failure)
            try table.append(failure, reason: reason, then: position)
            remarks.say(error: reason, of: failure.file, &progress)
        }
        lastStep = .now
        progress.update { text in
            text.done = position.recording
            text.share = doneShare
            text.failures = position.failures
            text.notices = remarks.noticeCount
            text.audioSeconds += newAudio
            text.current = nil
        }
    }
}
