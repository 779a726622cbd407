import Corpus
import Files
import Foundation

/// The files of a run that can be killed at any moment, and resumed.
///
/// Each step first adds to FILE (or to the rows that it will be assembled from, or to the tables beside it), then notes
/// the new lengths in the progress file. What a killed process added without noting it is cut off when the run is
/// resumed.
final class FileStore: RowStore {
    /// Where the run stands.
    private(set) var state: ProgressState
    private let paths: RunPaths
    private let identity: RunIdentity
    private let encoding: any RowEncoding
    private let assembly: RowAssembly?
    private let progress: ProgressFile
    private let rows: AppendedFile
    private var errors: SideTable
    private var notices: SideTable
    /// What is going to be `FILE.run`.
    private let run: AppendedFile
    /// What a retry copies from.
    private let earlier: EarlierRun?
    /// Of the recording that the next step is about.
    private var beginning = ProgressState.Beginning()
    private var noticeCount: Int
    private var isOnDisk = ContinuousClock.now

    /// How long rows may wait until they are known to be on the disk, safe from a power cut.
    private static let longestInMemory = Duration.seconds(30)

    /// Continues from the newest state whose bytes are all there.
    init(
        _ paths: RunPaths, _ identity: RunIdentity, _ encoding: any RowEncoding, _ assembly: RowAssembly?,
        _ progress: ProgressFile, from earlier: EarlierRun?, sideTimes: TimeStyle
    ) throws {
        self.paths = paths
        self.identity = identity
        self.encoding = encoding
        self.assembly = assembly
        self.progress = progress
        self.earlier = earlier
        let path = assembly == nil ? paths.table : paths.rows
        let (errorsPath, noticesPath) = Self.sidePaths(paths, progress)
        do {
            if progress.isReplacement { Self.removeRows(paths) }
            let sizes = RunSizes(rows: path, errors: errorsPath, notices: noticesPath, run: paths.new(paths.run))
            state = try sizes.newest(progress.states)
            rows = try AppendedFile(path: path)
            try rows.cut(to: state.rowBytes)
            errors = try SideTable(.error, path: errorsPath, byteCount: state.errorBytes, times: sideTimes)
            notices = try SideTable(.notice, path: noticesPath, byteCount: state.noticeBytes, times: sideTimes)
            run = try AppendedFile(path: paths.new(paths.run))
            try run.cut(to: state.runBytes)
            if state.isEmpty, !progress.isRetry { unlink(paths.run) }
            noticeCount = state.notices
        } catch {
            // A run that has done nothing leaves nothing.
            if progress.isAtItsBeginning {
                try? progress.remove()
                unlink(paths.new(paths.run))
            }
            throw error
        }
    }

    /// Where failures and notices are written; those of a retry take the others' place at the end.
    private static func sidePaths(_ paths: RunPaths, _ progress: ProgressFile) -> (errors: String, notices: String) {
        progress.isRetry ? (paths.new(paths.errors), paths.new(paths.notices)) : (paths.errors, paths.notices)
    }

    var rowBytes: Int { rows.byteCount }

    // MARK: Steps

    func beginStep() throws {
        guard state.position.window == 0 else {
            beginning = state.beginning
            return
        }
        try copy(before: state.position.recording)
        beginning = ProgressState.Beginning(
            failures: state.position.failures, rowBytes: rows.byteCount, noticeBytes: notices.byteCount)
    }

    func append(_ bytes: [UInt8]) throws { try rows.append(bytes.span.bytes) }

    func append(_ failure: RowFailure, reason: String) throws {
        try errors.append(failure.file, start: failure.segment?.start, end: failure.segment?.end, reason)
    }

    func append(notice: String, of row: Row) throws {
        try notices.append(row.file, start: row.start, end: row.end, notice)
        noticeCount += 1
    }

    func note(_ position: RunPosition) throws {
        if position.recording > state.position.recording, position.failures > beginning.failures {
            let failed = FailedRecording(
                recording: state.position.recording, rowBytes: beginning.rowBytes..<rows.byteCount,
                noticeBytes: beginning.noticeBytes..<notices.byteCount)
            try appendToRun(failed.line)
        }
        var new = stateOfFiles
        new.position = position
        new.mark.isLong = false
        try progress.write(new)
        state = new
        if isOnDisk.duration(to: .now) > Self.longestInMemory { try store() }
    }

    /// Copies what an earlier run has before a recording or, without one, after the last that failed.
    private func copy(before recording: Int?) throws {
        guard let earlier, let parts = earlier.parts(before: recording) else { return }
        try earlier.copy(rows: parts.rows, to: rows, encoding)
        noticeCount += try earlier.copy(notices: parts.notices, to: &notices)
    }

    /// A step that can't be noted is taken back, so that the files end where the progress file says.
    func takeBack() {
        if rows.byteCount > state.rowBytes { try? rows.cut(to: state.rowBytes) }
        if run.byteCount > state.runBytes { try? run.cut(to: state.runBytes) }
        errors.takeBack(to: state.errorBytes)
        notices.takeBack(to: state.noticeBytes)
        noticeCount = state.notices
    }

    /// Notes something about the session.
    func mark(_ change: (inout WorkMark) -> Void) throws {
        var new = state
        change(&new.mark)
        if new == state { return }
        try progress.write(new)
        state = new
    }

    private var stateOfFiles: ProgressState {
        var new = state
        new.rowBytes = rows.byteCount
        new.errorBytes = errors.byteCount
        new.noticeBytes = notices.byteCount
        new.runBytes = run.byteCount
        new.notices = noticeCount
        new.beginning = beginning
        return new
    }

    private func store() throws {
        try rows.synchronize()
        try errors.synchronize()
        try notices.synchronize()
        try progress.write(state, isStored: true)
        isOnDisk = .now
    }

    private func appendToRun(_ line: [UInt8]) throws {
        let bytes = (run.byteCount == 0 ? try FinishedRun.opening(identity) : []) + line
        try run.append(bytes.span.bytes)
    }

    // MARK: The end

    func finish(_ closing: (_ isEmpty: Bool) -> [UInt8]) throws {
        do {
            if !state.isWhole { try appendEnd(closing) }
            try complete()
        } catch {
            takeBack()
            throw error
        }
        try Self.tidyUp(paths, progress, state)
    }

    private func appendEnd(_ closing: (_ isEmpty: Bool) -> [UInt8]) throws {
        try copy(before: nil)
        beginning.rowBytes = rows.byteCount
        let bytes = closing(rows.byteCount == encoding.opening.count)
        try rows.append(bytes.span.bytes)
        if run.byteCount == 0 { try appendToRun([]) }
        guard progress.isRetry else { return }
        // The table is replaced before its run is, and can't be copied from again.
        var new = stateOfFiles
        new.isWhole = true
        try progress.write(new)
        state = new
    }

    private func complete() throws {
        try errors.synchronize()
        try notices.synchronize()
        if let assembly {
            let output = try OutputFile(path: paths.table, temporary: paths.partial)
            do { try assembly.assemble(rows, into: output) } catch is RowAssembly.DamagedRows {
                throw ScoreTableError.Reason.damagedRows(part: paths.rows)
            }
        } else {
            try rows.synchronize()
        }
        let closing = FinishedRun.closing(try totals(), after: try run.read(at: 0, count: run.byteCount))
        try run.append(closing.span.bytes)
        try run.synchronize()
        var new = stateOfFiles
        new.isComplete = true
        try progress.write(new)
        state = new
    }

    private func totals() throws -> FinishedRun.Totals {
        let table: RegularFile
        do throws(OpeningError) { table = try RegularFile(paths.table) } catch {
            throw ScoreTableError.Reason.changed(part: nil)
        }
        return FinishedRun.Totals(
            recordings: state.position.recording, failures: state.position.failures, notices: noticeCount,
            rowBytes: state.isWhole ? state.beginning.rowBytes : beginning.rowBytes, errorBytes: errors.byteCount,
            noticeBytes: notices.byteCount, tableBytes: table.byteCount,
            tableChecksum: try ContentSample.checksum(of: table))
    }

    /// What is left to do for a complete run: of its files, the table stays, what failed in it, what is doubtful, and what
    /// it was of.
    static func tidyUp(_ paths: RunPaths, _ progress: ProgressFile, _ state: ProgressState) throws(FileError) {
        if progress.isRetry {
            try replace(paths.errors, paths, isEmpty: state.errorBytes == 0)
            try replace(paths.notices, paths, isEmpty: state.noticeBytes == 0)
        }
        try replace(paths.run, paths, isEmpty: false)
        removeRows(paths)
        try progress.remove()
    }

    /// Does nothing if it was done before.
    private static func replace(_ path: String, _ paths: RunPaths, isEmpty: Bool) throws(FileError) {
        if isEmpty {
            unlink(path)
        } else if rename(paths.new(path), path) != 0, errno != ENOENT {
            throw FileError(.writing)
        }
    }

    private static func removeRows(_ paths: RunPaths) {
        for path in [paths.rows, paths.partial, paths.new(paths.errors), paths.new(paths.notices)] { unlink(path) }
    }
}
