import Corpus
import Files
import Foundation
import NumPyFiles

/// A table of scores that grows row by row, and survives the process that writes it.
///
/// A run that was killed at any moment, and is resumed from `position` (however often), ends with the same bytes as one
/// that was not. Beside FILE lie, while the run is unfinished, `FILE.progress`, and `FILE.rows` if FILE is assembled at
/// the end (npz, and names that end in `.gz`); and `FILE.errors.csv` if something failed. Streams, such as standard
/// output, just get their rows.
///
/// One thread at a time. A process that wants an error for a limit on file sizes, or for a closed pipe, ignores SIGXFSZ
/// and SIGPIPE.
package final class ScoreTable {
    /// How far the run has come: where to continue.
    package private(set) var position: RunPosition
    /// Whether the run that was to be resumed is complete already; `position` then has its failures, and nothing can be
    /// added.
    package let isFinished: Bool
    /// Where failures are written; nil for a stream, which has no place for them.
    package let errorsPath: String?

    private let name: String
    private let columns: [OutputColumns]
    private let encoding: any RowEncoding
    /// Nil if the run is complete.
    private let store: (any RowStore)?

    /// Begins a table, or resumes one.
    ///
    /// `path` is nil for standard output; `times` is nil for the format's own style, and csv's for the errors. What the
    /// rows look like (format, columns, times) need not be in the identity.
    package init(
        path: String?, format: RowFormat, columns: [OutputColumns], times: TimeStyle? = nil,
        identity: RunIdentity = RunIdentity(), start: RunStart = .new
    ) throws(ScoreTableError) {
        let name = path ?? "standard output"
        self.name = name
        self.columns = columns
        let style = times ?? format.defaultTimes
        encoding = format.encoding(columns, times: style)
        do {
            let isCompressed = path.map(RowFormat.isCompressed) ?? false
            if format == .npz, isCompressed { throw ScoreTableError.Reason.compressedArchive }
            if times == .timedelta, !format.hasTimeStyles { throw ScoreTableError.Reason.noTimeStyle(format) }
            let assembly: RowAssembly? = format == .npz ? .arrays(columns) : isCompressed ? .gzip : nil

            guard let path, case .file(let file) = try OutputTarget(path) else {
                errorsPath = nil
                isFinished = false
                position = RunPosition()
                store = try Self.stream(path, format, assembly, start)
                try begin()
                return
            }
            let paths = RunPaths(table: file)
            errorsPath = paths.errors
            if start == .resume, access(paths.progress, F_OK) != 0, access(paths.table, F_OK) == 0 {
                try ProgressFile.removeUnbegun(paths.progress)
                isFinished = true
                position = RunPosition(failures: ErrorTable.rowCount(path: paths.errors))
                store = nil
                return
            }
            var identity = identity
            identity.facts += Self.facts(format, columns, times)
            if access(file, F_OK) == 0, access(file, W_OK) != 0 { throw FileError(.opening) }
            let progress = try ProgressFile(paths.progress, identity: identity, start: start)
            if let last = progress.states.first, last.isComplete {
                try FileStore.tidyUp(paths, progress)
                isFinished = true
                position = last.position
                store = nil
                return
            }
            let errorTimes = times ?? RowFormat.csv.defaultTimes
            let files = try FileStore(paths, assembly, progress, errorTimes: errorTimes)
            isFinished = false
            position = files.state.position
            store = files
            try begin()
        } catch {
            throw Self.error(error, of: name)
        }
    }

    /// Adds a row, whole and handed to the system when this returns; `position` is how far the run has come with it.
    package func append(_ row: Row, then position: RunPosition) throws(ScoreTableError) {
        precondition(row.values.map(\.count) == columns.map(\.labels.count), "a row has a number for each label")
        try step(to: position) { store in
            let isFirst = store.rowBytes == encoding.opening.count
            try store.append(encoding.bytes(of: row, isFirst: isFirst))
        }
    }

    /// Adds a failure to the errors, with `reason` in place of the failure's own if it is given; in a stream it only
    /// counts.
    package func append(
        _ failure: RowFailure, reason: String? = nil, then position: RunPosition
    ) throws(ScoreTableError) {
        try step(to: position) { store in
            try store.append(failure, reason: reason ?? String(describing: failure.reason))
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
            try store.finish(with: encoding.closing(isEmpty: store.rowBytes == encoding.opening.count))
        } catch {
            throw Self.error(error, of: name, isKept: errorsPath != nil)
        }
    }

    private func begin() throws {
        if let store, store.rowBytes == 0, !encoding.opening.isEmpty { try store.append(encoding.opening) }
    }

    private func step(to position: RunPosition, _ body: (any RowStore) throws -> Void) throws(ScoreTableError) {
        guard let store else { preconditionFailure("nothing can be added to a finished table") }
        do {
            try body(store)
            try store.note(position)
        } catch {
            throw Self.error(error, of: name, isKept: errorsPath != nil)
        }
        self.position = position
    }

    private static func stream(
        _ path: String?, _ format: RowFormat, _ assembly: RowAssembly?, _ start: RunStart
    ) throws -> StreamStore {
        if start == .resume { throw ScoreTableError.Reason.notResumable }
        if let path { return try StreamStore(try OutputFile(path: path), assembly) }
        if format == .npz, isatty(STDOUT_FILENO) != 0 { throw ScoreTableError.Reason.binaryOnTerminal }
        return try StreamStore(OutputFile(descriptor: STDOUT_FILENO), assembly)
    }

    /// What rows look like.
    private static func facts(
        _ format: RowFormat, _ columns: [OutputColumns], _ times: TimeStyle?
    ) -> [RunIdentity.Fact] {
        let outputs = columns.map { column in
            "\(column.name) (\(column.isLabelled ? column.labels.joined(separator: " ") : "\(column.labels.count)"))"
        }
        return [
            RunIdentity.Fact(name: "format", value: format.rawValue),
            RunIdentity.Fact(name: "times", value: times?.rawValue ?? "the format's own"),
            RunIdentity.Fact(name: "columns", value: outputs.joined(separator: ", ")),
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
