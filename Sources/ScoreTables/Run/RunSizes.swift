import Files
import Foundation

/// How many bytes the files of an unfinished run have.
struct RunSizes {
    private let parts: [(path: String, found: Int, needed: KeyPath<ProgressState, Int> & Sendable)]

    init(rows: String, errors: String, notices: String, run: String) {
        func size(of path: String) -> Int {
            var status = stat()
            return stat(path, &status) == 0 ? Int(status.st_size) : 0
        }
        parts = [
            (rows, size(of: rows), \.rowBytes), (errors, size(of: errors), \.errorBytes),
            (notices, size(of: notices), \.noticeBytes), (run, size(of: run), \.runBytes),
        ]
    }

    /// The newest state whose bytes are all there.
    func newest(_ states: [ProgressState]) throws -> ProgressState {
        guard let newest = states.first else { throw ScoreTableError.Reason.damagedProgress }
        let fitting = states.first { state in parts.allSatisfy { state[keyPath: $0.needed] <= $0.found } }
        // The very first state fits any files, and would discard all rows.
        if let fitting, !fitting.isEmpty || newest.isEmpty { return fitting }
        guard let part = parts.first(where: { newest[keyPath: $0.needed] > $0.found }) else {
            throw ScoreTableError.Reason.damagedProgress
        }
        throw ScoreTableError.Reason.cutShort(
            part: part.path, needed: newest[keyPath: part.needed], found: part.found)
    }
}
