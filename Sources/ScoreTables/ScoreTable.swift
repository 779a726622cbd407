import Corpus
import Files
import Foundation
import NumPyFiles

/// A table of scores that grows row by row, and survives the process that writes it.
///
/// A run that was killed at any moment, and is resumed from `position` (however often), ends with the same bytes as one
/// that was not. Beside FILE lie, while the run is unfinished, `FILE.progress` and `FILE.run.partial`, and `FILE.rows` if
/// FILE is assembled at the end (npz, and names that end in `.gz`); then `FILE.run`; and `FILE.errors.csv` and
/// `FILE.notices.csv` if something failed or is doubtful. Streams, such as standard output, just get their rows.
///
/// One thread at a time. A process that wants an error for a limit on file sizes, or for a closed pipe, ignores SIGXFSZ
/// and SIGPIPE.
package final class ScoreTable {
    /// How far the run has come: where to continue.
    package private(set) var position: RunPosition
    /// Whether the run that was to be resumed is complete already; `position` then has its failures, and nothing can be
    /// added.
    package let isFinished: Bool
    /// Where failures and notices are written; nil for a stream, which has no place for them.
    package let errorsPath: String?
    package let noticesPath: String?
    /// The recordings that are to be scored, in order, counted from 0; nil for all from `position` on.
    package let retried: [Int]?

    private let name: String
    private let columns: [OutputColumns]
    private let encoding: any RowEncoding
    private let fillsFailures: Bool
    /// Nil if the run is complete.
    private let store: (any RowStore)?

    /// Begins a table, or resumes one.
    ///
    /// `path` is nil for standard output; `times` is nil for the format's own style, and csv's for the tables beside it.
    /// With `fillsFailures`, each failure has a row too, of NaN. What the rows look like (format, columns, times) need not
    /// be in the identity. A file that no run of this kind left is replaced only with `replacesForeign`.
    package init(
        path: String?, format: RowFormat, columns: [OutputColumns], times: TimeStyle? = nil,
        fillsFailures: Bool = false, identity: RunIdentity = RunIdentity(), start: RunStart = .new,
        replacesForeign: Bool = false
    ) throws(ScoreTableError) {
        let name = path ?? "standard output"
        self.name = name
        self.columns = columns
        self.fillsFailures = fillsFailures
        let style = times ?? format.defaultTimes
        encoding = format.encoding(columns, times: style)
        do {
            let isCompressed = path.map(RowFormat.isCompressed) ?? false
            if format == .npz, isCompressed { throw ScoreTableError.Reason.compressedArchive }
            if times == .timedelta, !format.hasTimeStyles { throw ScoreTableError.Reason.noTimeStyle(format) }
            let assembly: RowAssembly? = format == .npz ? .arrays(columns) : isCompressed ? .gzip : nil

            guard let path, case .file(let file) = try OutputTarget(path) else {
                (errorsPath, noticesPath, retried, isFinished) = (nil, nil, nil, false)
                position = RunPosition()
                store = try Self.stream(path, format, assembly, start, openingBytes: encoding.opening.count)
                try begin()
                return
            }
            let paths = RunPaths(table: file)
            (errorsPath, noticesPath) = (paths.errors, paths.notices)
            var identity = identity
            identity.facts += Self.facts(format, columns, times, fillsFailures: fillsFailures)
            if access(file, F_OK) == 0, access(file, W_OK) != 0 { throw FileError(.opening) }

            let earlier = EarlierFiles(paths)
            try earlier.check(start, identity, replacesForeign: replacesForeign)
            let finished = earlier.hasProgress || !start.continues ? nil : earlier.finished
            if let finished, start == .resume || finished.failed.isEmpty {
                try ProgressFile.removeUnbegun(paths)
                (isFinished, retried, store) = (true, nil, nil)
                position = RunPosition(
                    recording: finished.totals.recordings, failures: finished.totals.failures)
                return
            }
            if finished != nil, format == .npz { throw ScoreTableError.Reason.notRetriable(format) }
            var source = try finished == nil ? nil : earlier.source(isCompressed: isCompressed)
            let progress = try ProgressFile(
                paths, identity: identity, start: start, retrying: finished, isExpected: earlier.hasProgress)
            if let last = progress.states.first, last.isComplete {
                try FileStore.tidyUp(paths, progress, last)
                (isFinished, retried, store) = (true, nil, nil)
                position = last.position
                return
            }
            let isWhole = progress.states.first?.isWhole ?? false
            if progress.isRetry, source == nil, !isWhole { source = try earlier.source(isCompressed: isCompressed) }
            let files = try FileStore(
                paths, identity, encoding, progress.isRetry ? assembly ?? .copy : assembly, progress, from: source,
                sideTimes: times ?? RowFormat.csv.defaultTimes)
            isFinished = false
            retried = progress.isRetry ? source?.run.failed.map(\.recording) ?? [] : nil
            position = files.state.position
            store = files
            try begin()
        } catch {
            throw Self.error(error, of: name)
        }
    }

    // MARK: Rows

    /// Adds a row and its notices, whole and handed to the system when this returns; `position` is how far the run has
    /// come with it.
    package func append(_ row: Row, then position: RunPosition) throws(ScoreTableError) {
        precondition(row.values.map(\.count) == columns.map(\.labels.count), "a row has a number for each label")
        try step(to: position) { store in
            try append(row, to: store)
            for notice in row.notices { try store.append(notice: notice, of: row) }
        }
    }

    /// Adds a failure to the errors, with `reason` in place of the failure's own if it is given; in a stream it only
    /// counts.
    package func append(
        _ failure: RowFailure, reason: String? = nil, then position: RunPosition
    ) throws(ScoreTableError) {
        try step(to: position) { store in
            try store.append(failure, reason: reason ?? String(describing: failure.reason))
            if fillsFailures { try append(emptyRow(for: failure), to: store) }
        }
    }

    /// The run has come further without a row, such as past a recording's last window.
    package func advance(to position: RunPosition) throws(ScoreTableError) {
        try step(to: position) { _ in }
    }

    /// The run is complete. Nothing can be added after it.
    package func finish() throws(ScoreTableError) {
        guard let store else { return }
        do {
            try store.finish(encoding.closing)
        } catch {
            throw Self.error(error, of: name, isKept: errorsPath != nil)
        }
    }

    /// How many notices the run has written.
    package var noticeCount: Int { files?.state.notices ?? 0 }

    private func begin() throws {
        if let store, store.rowBytes == 0, !encoding.opening.isEmpty { try store.append(encoding.opening) }
    }

    private func append(_ row: Row, to store: any RowStore) throws {
        try store.append(encoding.bytes(of: row, isFirst: store.rowBytes == encoding.opening.count))
    }

    private func emptyRow(for failure: RowFailure) -> Row {
        Row(
            file: failure.file, start: failure.segment?.start ?? .nan, end: failure.segment?.end ?? .nan,
            values: columns.map { [Float](repeating: .nan, count: $0.labels.count) })
    }

    private func step(to position: RunPosition, _ body: (any RowStore) throws -> Void) throws(ScoreTableError) {
        guard let store else { preconditionFailure("nothing can be added to a finished table") }
        do {
            try store.beginStep()
            try body(store)
            try store.note(position)
        } catch {
            store.takeBack()
            throw Self.error(error, of: name, isKept: errorsPath != nil)
        }
        self.position = position
    }

    // MARK: Sessions

    private var files: FileStore? { store as? FileStore }

    /// A session begins, in which up to `inFlight` recordings are in hand at once.
    package func beginSession(inFlight: Int) throws(ScoreTableError) {
        try mark { [position] in $0.begin(at: position, inFlight: inFlight) }
    }

    /// How many sessions were ended by the recording that comes next, if it is to blame for that.
    package var blame: Int? { files?.state.mark.blame(at: position) }

    /// Recordings before this one are scored one at a time, as one of them may have ended the session before.
    package var aloneUntil: Int { files?.state.mark.aloneUntil ?? 0 }

    /// The session has been at the same excerpt for a while.
    package func noteLongExcerpt() throws(ScoreTableError) { try mark { $0.isLong = true } }

    /// The session ends, or may be ended from here on, without that being any recording's fault.
    package func endSession() throws(ScoreTableError) { try mark { $0 = WorkMark() } }

    private func mark(_ change: (inout WorkMark) -> Void) throws(ScoreTableError) {
        do { try files?.mark(change) } catch { throw Self.error(error, of: name, isKept: true) }
    }

    // MARK: Opening

    /// The paths that a run with this table writes to; none for a stream.
    package static func paths(for path: String) -> [String] {
        guard case .file(let file) = try? OutputTarget(path) else { return [] }
        return RunPaths(table: file).all
    }

    private static func stream(
        _ path: String?, _ format: RowFormat, _ assembly: RowAssembly?, _ start: RunStart, openingBytes: Int
    ) throws -> StreamStore {
        if start.continues { throw ScoreTableError.Reason.notResumable }
        if let path { return try StreamStore(try OutputFile(path: path), assembly, openingBytes: openingBytes) }
        if format == .npz, isatty(STDOUT_FILENO) != 0 { throw ScoreTableError.Reason.binaryOnTerminal }
        return try StreamStore(OutputFile(descriptor: STDOUT_FILENO), assembly, openingBytes: openingBytes)
    }

    /// What rows look like.
    private static func facts(
        _ format: RowFormat, _ columns: [OutputColumns], _ times: TimeStyle?, fillsFailures: Bool
    ) -> [RunIdentity.Fact] {
        let outputs = columns.map { column in
            "\(column.name) (\(column.isLabelled ? column.labels.joined(separator: " ") : "\(column.labels.count)"))"
        }
        return [
            RunIdentity.Fact(name: "format", value: format.rawValue),
            RunIdentity.Fact(name: "times", value: times?.rawValue ?? "the format's own"),
            RunIdentity.Fact(name: "columns", value: outputs.joined(separator: ", ")),
            RunIdentity.Fact(name: "rows for failures", value: fillsFailures ? "yes" : "no"),
        ]
    }

    private static func error(_ error: any Error, of name: String, isKept: Bool = false) -> ScoreTableError {
        switch error {
        case let error as ScoreTableError: error
        case let reason as ScoreTableError.Reason: ScoreTableError(file: name, reason: reason)
        case let error as FileError: ScoreTableError(error, of: name, isKept: isKept)
        case let error as NumPyError: ScoreTableError(file: name, reason: .init(error.reason, isKept: isKept))
        default: ScoreTableError(file: name, reason: .cannotWrite(code: ENOMEM, isKept: isKept))
        }
    }
}
