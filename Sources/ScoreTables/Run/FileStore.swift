import Corpus
import Files
import Foundation

/// The files of a run that can be killed at any moment, and resumed.
///
/// Each step first adds to FILE (or to the rows that it will be assembled from, or to the errors), then notes the new
/// lengths in the progress file. What a killed process added without noting it is cut off when the run is resumed.
final class FileStore: RowStore {
    /// Where the run stands.
    private(set) var state: ProgressState
    private let paths: RunPaths
    private let assembly: RowAssembly?
    private let progress: ProgressFile
    private let rows: AppendedFile
    private var errors: ErrorTable
    private var isOnDisk = ContinuousClock.now

    /// How long rows may wait until they are known to be on the disk, safe from a power cut.
    private static let longestInMemory = Duration.seconds(30)

    /// Continues from the newest state whose bytes are all there.
    init(_ paths: RunPaths, _ assembly: RowAssembly?, _ progress: ProgressFile, errorTimes: TimeStyle) throws {
        self.paths = paths
        self.assembly = assembly
        self.progress = progress
        let path = assembly == nil ? paths.table : paths.rows
        do {
            if progress.isReplacement { Self.removeRows(paths) }
            state = try Self.newest(progress.states, path, paths)
            rows = try AppendedFile(path: path)
            try rows.cut(to: state.rowBytes)
            errors = try ErrorTable(path: paths.errors, byteCount: state.errorBytes, times: errorTimes)
        } catch {
            // A run that has done nothing leaves nothing.
            if progress.isAtItsBeginning { try? progress.remove() }
            throw error
        }
    }

    private static func newest(_ states: [ProgressState], _ path: String, _ paths: RunPaths) throws -> ProgressState {
        let (rowBytes, errorBytes) = (size(of: path), size(of: paths.errors))
        let fitting = states.first { $0.rowBytes <= rowBytes && $0.errorBytes <= errorBytes }
        // The very first state fits any files, and would discard all rows.
        guard let newest = states.first else { throw ScoreTableError.Reason.damagedProgress }
        if let fitting, fitting != ProgressState() || newest == fitting { return fitting }
        let isRows = newest.rowBytes > rowBytes
        throw ScoreTableError.Reason.cutShort(
            part: isRows ? path : paths.errors, needed: isRows ? newest.rowBytes : newest.errorBytes,
            found: isRows ? rowBytes : errorBytes)
    }

    private static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    var rowBytes: Int { rows.byteCount }

    func append(_ bytes: [UInt8]) throws { try rows.append(bytes.span.bytes) }

    func append(_ failure: RowFailure, reason: String) throws { try errors.append(failure, reason: reason) }

    /// A row that can't be noted is taken back, so that the files end where the progress file says.
    func note(_ position: RunPosition) throws {
        var new = state
        new.position = position
        new.rowBytes = rows.byteCount
        new.errorBytes = errors.byteCount
        do {
            try progress.write(new)
        } catch {
            if rows.byteCount > state.rowBytes { try? rows.cut(to: state.rowBytes) }
            errors.takeBack(to: state.errorBytes)
            throw error
        }
        state = new
        if isOnDisk.duration(to: .now) > Self.longestInMemory { try store() }
    }

    private func store() throws {
        try rows.synchronize()
        try errors.synchronize()
        try progress.write(state, isStored: true)
        isOnDisk = .now
    }

    func finish(with bytes: [UInt8]) throws {
        let rowBytes = rows.byteCount
        do {
            try rows.append(bytes.span.bytes)
            try complete()
        } catch {
            try? rows.cut(to: rowBytes)
            throw error
        }
        try Self.tidyUp(paths, progress)
    }

    private func complete() throws {
        try errors.synchronize()
        if let assembly {
            let output = try OutputFile(path: paths.table, temporary: paths.partial)
            do { try assembly.assemble(rows, into: output) } catch is RowAssembly.DamagedRows {
                throw ScoreTableError.Reason.damagedRows(part: paths.rows)
            }
        } else {
            try rows.synchronize()
        }
        var new = state
        new.isComplete = true
        try progress.write(new)
        state = new
    }

    /// What is left to do for a complete run: of its files, only the table and its errors stay.
    static func tidyUp(_ paths: RunPaths, _ progress: ProgressFile) throws(FileError) {
        removeRows(paths)
        try progress.remove()
    }

    private static func removeRows(_ paths: RunPaths) {
        unlink(paths.rows)
        unlink(paths.partial)
    }
}

/// The files of a run: FILE, and those beside it. If FILE is a symbolic link, they are beside what it leads to.
struct RunPaths: Sendable, Hashable {
    let table: String

    /// How far the run has come; gone when it is finished.
    var progress: String { table + ".progress" }
    /// Rows that wait to be assembled; gone when the run is finished.
    var rows: String { table + ".rows" }
    /// The table while it is assembled.
    var partial: String { table + ".partial" }
    /// What failed, if anything did.
    var errors: String { table + ".errors.csv" }
}
