import Files
import Foundation
import NumPyFiles

/// Why a table can't be written, or not be gone on with, and what would be right.
public struct ScoreTableError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path as it was given, or `standard output`.
    public let file: String
    public let reason: Reason

    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    public enum Reason: Error, Sendable, Hashable {
        /// A system call failed with this `errno`.
        case cannotOpen(code: Int32)
        case cannotRead(code: Int32)
        /// Where `isKept`, what was written before is there, and can be gone on with.
        case cannotWrite(code: Int32, isKept: Bool)

        /// The folder takes no file beside the table.
        case noPlaceForProgress(code: Int32)
        /// Rows that go to a stream at the end have no place to wait until then.
        case noPlaceForRows(folder: String, code: Int32)

        /// An unfinished run is there, and it was not said what is to become of it.
        case unfinishedRun(recordings: Int)
        /// The unfinished run is another one.
        case otherRun([RunIdentity.Difference])
        /// Another process writes the table.
        case inUse
        case damagedProgress
        /// A file has fewer bytes than the run had written; `part` is its path.
        case cutShort(part: String, needed: Int, found: Int)
        /// Rows that wait to be assembled are not what was written; `part` is their path.
        case damagedRows(part: String)

        /// A stream has no run that could be gone on with.
        case notResumable
        case binaryOnTerminal
        case compressedArchive
        /// Times are numbers in this format.
        case noTimeStyle(RowFormat)
        /// What a zip archive can't hold.
        case archive(String)
    }

    public var description: String { "\(file): \(reason)" }
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
    public var description: String {
        switch self {
        case .cannotOpen(let code): "cannot be opened: \(Self.message(code))"
        case .cannotRead(let code): "cannot be read: \(Self.message(code))"
        case .cannotWrite(let code, let isKept):
            "cannot be written: \(Self.message(code))\(isKept ? " (the rows so far are kept; --resume goes on)" : "")"

        case .noPlaceForProgress(let code):
            "its .progress file cannot be made beside it: \(Self.message(code))"
        case .noPlaceForRows(let folder, let code):
            "its rows cannot wait in \(folder) until all are there: \(Self.message(code)); TMPDIR=FOLDER chooses another "
                + "folder"

        case .unfinishedRun(let recordings):
            "holds an unfinished run (\(recordings) recording\(recordings == 1 ? "" : "s") done); --resume goes on with "
                + "it, --restart throws it away"
        case .otherRun(let differences):
            "--resume would go on with another run: \(Self.list(differences)); give what it was begun with, or "
                + "--restart, which throws it away"
        case .inUse: "another process is writing it"
        case .damagedProgress:
            "its unfinished run can't be gone on with, as its .progress file is damaged; --restart throws it away"
        case .cutShort(let part, let needed, let found):
            "its unfinished run can't be gone on with: \(part) should have at least \(needed) bytes and has \(found); "
                + "--restart throws it away"
        case .damagedRows(let part):
            "its run can't be finished: the rows in \(part) are damaged; --restart throws it away"

        case .notResumable: "not a regular file, so there is no run to go on with; --resume needs --output FILE"
        case .binaryOnTerminal: "npz is binary: give --output FILE, or send standard output to a file"
        case .compressedArchive: "npz is not compressed again; the file's name should end in .npz"
        case .noTimeStyle(let format):
            "\(format.rawValue) has times in seconds; csv, json and jsonl can have them as timedelta"
        case .archive(let detail): detail
        }
    }

    private static func message(_ code: Int32) -> String { String(cString: strerror(code)) }

    private static func list(_ differences: [RunIdentity.Difference]) -> String {
        let mostShown = 3
        let shown = differences.prefix(mostShown).map { difference in
            switch (difference.before, difference.now) {
            case (nil, let now): "\(difference.name) was not given, now \(now ?? "")"
            case (let before?, nil): "\(difference.name) was \(before), now not given"
            case (let before?, let now?): "\(difference.name) was \(before), now \(now)"
            }
        }
        let rest = differences.count - shown.count
        return shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}
