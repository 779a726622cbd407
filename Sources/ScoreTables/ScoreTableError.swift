import Files
import NumPyFiles

/// Why a table can't be written or resumed, and what would be right.
package struct ScoreTableError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path as it was given, or `standard output`.
    package let file: String
    package let reason: Reason

    package init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    package enum Reason: Error, Sendable, Hashable {
        /// A system call failed with this `errno`.
        case cannotOpen(code: Int32)
        case cannotRead(code: Int32)
        /// If `isKept`, the rows written before are kept, and the run can be resumed.
        case cannotWrite(code: Int32, isKept: Bool)

        /// The folder takes no file beside the table.
        case noPlaceForProgress(code: Int32)
        /// Rows that go to a stream at the end have no place to wait until then.
        case noPlaceForRows(folder: String, code: Int32)

        /// There is an unfinished run, which is neither to be resumed nor discarded.
        case unfinishedRun(recordings: Int)
        /// The run is another one.
        case otherRun([RunIdentity.Difference])
        /// No run left the table or, if its path is given, this file beside it.
        case foreign(part: String?)
        /// The same, of a file that a run left and that was changed since.
        case changed(part: String?)
        /// Another process writes the table.
        case inUse
        case damagedProgress
        /// The unfinished run is of an earlier version of this program.
        case olderProgress
        /// A file has fewer bytes than the run had written; `part` is its path.
        case cutShort(part: String, needed: Int, found: Int)
        /// Rows that wait to be assembled are not what was written; `part` is their path.
        case damagedRows(part: String)

        /// A stream has no run that could be resumed.
        case notResumable
        /// Rows can't be put between those of a finished table in this format.
        case notRetriable(RowFormat)
        case binaryOnTerminal
        case compressedArchive
        /// Times are numbers in this format.
        case noTimeStyle(RowFormat)
        /// What a zip archive can't hold.
        case archive(String)
    }

    package var description: String { "\(file): \(reason)" }
}

extension ScoreTableError {
    init(_ error: FileError, of file: String, isKept: Bool = false) {
        let reason: Reason =
            switch error.step {
            case .opening: error.isInUse ? .inUse : .cannotOpen(code: error.code)
            case .reading: .cannotRead(code: error.code)
            case .writing: .cannotWrite(code: error.code, isKept: isKept)
            }
        self.init(file: file, reason: reason)
    }
}

extension ScoreTableError.Reason {
    init(_ reason: NumPyError.Reason, isKept: Bool) {
        self =
            switch reason {
            case .cannotOpen(let code): .cannotOpen(code: code)
            case .cannotRead(let code): .cannotRead(code: code)
            case .cannotWrite(let code): .cannotWrite(code: code, isKept: isKept)
            default: .archive(reason.description)
            }
    }
}

extension ScoreTableError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotOpen(let code): "cannot be opened: \(SystemError(code))"
        case .cannotRead(let code): "cannot be read: \(SystemError(code))"
        case .cannotWrite(let code, let isKept):
            "cannot be written: \(SystemError(code))\(isKept ? "; the rows so far are kept" : "")"

        case .noPlaceForProgress(let code):
            "its .progress file cannot be made beside it: \(SystemError(code))"
        case .noPlaceForRows(let folder, let code):
            "its rows cannot wait in \(folder) until all are there: \(SystemError(code)); TMPDIR=FOLDER chooses another "
                + "folder"

        case .unfinishedRun(let recordings):
            "holds an unfinished run (\(recordings) recording\(recordings == 1 ? "" : "s") done)"
        case .otherRun(let differences):
            "this file belongs to a run with other settings: \(Self.list(differences))"
        case .foreign(nil): "already exists, and no run of this program left it"
        case .foreign(let part?): "\(part) already exists, and no run of this program left it"
        case .changed(nil): "was changed since a run of this program left it"
        case .changed(let part?): "\(part) was changed since a run of this program left it"
        case .inUse: "another process is writing it"
        case .damagedProgress:
            "the unfinished run can't be resumed: its .progress file is damaged"
        case .olderProgress:
            "the unfinished run can't be resumed: an earlier version of this program began it"
        case .cutShort(let part, let needed, let found):
            "the unfinished run can't be resumed: \(part) should have at least \(needed) bytes and has \(found)"
        case .damagedRows(let part):
            "the run can't be finished: the rows in \(part) are damaged"

        case .notResumable: "not a regular file, so there is no run to resume"
        case .notRetriable(let format):
            "failures can't be scored again into a finished table in \(format.rawValue); score the files in its "
                + ".errors.csv into a table of their own"
        case .binaryOnTerminal: "npz is binary and can't be shown on a terminal"
        case .compressedArchive: "npz is not compressed again; the file's name should end in .npz"
        case .noTimeStyle(let format):
            "\(format.rawValue) has times in seconds; csv, json and jsonl can have them as timedelta"
        case .archive(let detail): detail
        }
    }

    private static let plural: Set = ["the inputs", "times", "columns", "rows for failures"]

    private static func list(_ differences: [RunIdentity.Difference]) -> String {
        let mostShown = 3
        let shown = differences.prefix(mostShown).map { difference in
            let name = difference.name + (plural.contains(difference.name) ? " were" : " was")
            return switch (difference.before, difference.now) {
            case (nil, let now): "\(name) not given, now \(now ?? "")"
            case (let before?, nil): "\(name) \(before), now not given"
            case (let before?, let now?): "\(name) \(before), now \(now)"
            }
        }
        let rest = differences.count - shown.count
        return shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}
