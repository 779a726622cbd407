import Files
import Foundation

/// What is there before a run begins: nothing, the files of another run, or files that aren't of this program at all.
struct EarlierFiles {
    /// Whether there is an unfinished run, or what passes for one.
    let hasProgress: Bool
    /// The finished run that left the table as it is; nil if there is none, or the table was changed since.
    let finished: FinishedRun?
    private let paths: RunPaths
    /// Whether a run left word about the table.
    private let hasRun: Bool

    init(_ paths: RunPaths) {
        self.paths = paths
        hasProgress = access(paths.progress, F_OK) == 0
        let run = Self.bytes(of: paths.run, atMost: Self.longestRun).flatMap(FinishedRun.init)
        hasRun = run != nil
        finished = run.flatMap { Self.isUnchanged($0, paths) ? $0 : nil }
    }

    /// Looks whether the run may begin as it is asked to.
    ///
    /// - Throws: `ScoreTableError.Reason` if it would replace a file that no run left, or resume another run.
    func check(_ start: RunStart, _ identity: RunIdentity, replacesForeign: Bool) throws {
        if hasProgress {
            // What isn't this program's progress is told when it is opened; only a restart wouldn't look at it.
            guard start == .restart, !replacesForeign, let bytes = Self.bytes(of: paths.progress, atMost: 64),
                !bytes.isEmpty, !ProgressFile.isOwn(bytes)
            else { return }
            throw ScoreTableError.Reason.foreign(part: paths.progress)
        }
        if let finished, start.continues {
            let differences = identity.differences(from: finished.identity)
            if !differences.isEmpty { throw ScoreTableError.Reason.otherRun(differences) }
        }
        if !replacesForeign { try checkReplaceable() }
    }

    /// What a retry copies from.
    func source(isCompressed: Bool) throws -> EarlierRun {
        guard let finished else { throw ScoreTableError.Reason.changed(part: nil) }
        return try EarlierRun(finished, paths, isCompressed: isCompressed)
    }

    private func checkReplaceable() throws {
        if finished == nil, Self.size(of: paths.table) > 0 {
            throw hasRun ? ScoreTableError.Reason.changed(part: nil) : ScoreTableError.Reason.foreign(part: nil)
        }
        let run = Array(FinishedRun.firstLine.utf8)
        let beginnings: [(String, [UInt8]?)] = [
            (paths.errors, SideTable.Kind.error.header), (paths.notices, SideTable.Kind.notice.header),
            (paths.new(paths.errors), SideTable.Kind.error.header),
            (paths.new(paths.notices), SideTable.Kind.notice.header), (paths.run, run), (paths.new(paths.run), run),
            (paths.beginning, nil), (paths.rows, []), (paths.partial, []),
        ]
        for (path, beginning) in beginnings where Self.size(of: path) > 0 {
            let found = Self.bytes(of: path, atMost: 64) ?? []
            let isOwn = beginning.map { !$0.isEmpty && found.starts(with: $0) } ?? ProgressFile.isOwn(found)
            if !isOwn { throw ScoreTableError.Reason.foreign(part: path) }
        }
    }

    /// Far more than a run with a million failures leaves.
    private static let longestRun = 1 << 30

    /// Whether the tables are as the run left them. Of the one with the errors, only its size: it may be gone.
    private static func isUnchanged(_ run: FinishedRun, _ paths: RunPaths) -> Bool {
        guard let table = try? RegularFile(paths.table), table.byteCount == run.totals.tableBytes,
            (try? ContentSample.checksum(of: table)) == run.totals.tableChecksum
        else { return false }
        return run.totals.noticeBytes == 0 || size(of: paths.notices) == run.totals.noticeBytes
            || access(paths.notices, F_OK) != 0
    }

    private static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    }

    /// Nil if the file can't be read, or is larger than `most` and not only its beginning is wanted.
    private static func bytes(of path: String, atMost most: Int) -> [UInt8]? {
        guard let file = try? RegularFile(path) else { return nil }
        return try? file.read(at: 0, count: min(file.byteCount, most))
    }
}
