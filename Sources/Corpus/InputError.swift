import Files
import Foundation

/// Why an input, or a line of a table or list, is not a recording.
package enum InputError: Error, Sendable, Hashable {
    case emptyName
    case standardInputTwice

    /// `isBegun` if the beginning could be read.
    case unreadable(Kind, SystemError, isBegun: Bool = false)

    /// A folder without any file of the kind `wanted`; `hasSubfolders` if it has folders that were not searched.
    case noFile(wanted: String, isRecursive: Bool, hasSubfolders: Bool)
    case nameNotUTF8

    case emptyList
    case emptyTable
    case tableWithoutRows
    case tableNotUTF8
    /// Without a column that is known to name the recordings.
    case noFileColumn(columns: [String])
    /// Without the column that was asked for.
    case noSuchColumn(String, columns: [String])
    /// Columns that mean the same thing, such as "the start".
    case sameMeaning([String], String)
    /// A column `offset` that may mean the start or the end.
    case ambiguousOffset(column: String)
    /// An end and a duration alone.
    case noStart(end: String, duration: String)
    case unreadableTimes(column: String, unit: String)
    /// A file of another kind in place of a table or list.
    case foreign(Kind, FileKind)
    case damagedGzip(Kind, isCutShort: Bool)
    /// A quote that is opened in this line and never closed, or not within any sensible length; what follows was not read.
    case openQuote(line: Int)

    /// A line, counted from 1, of the table or list `of`.
    case line(Int, of: String, LineFault)

    /// What can't be read.
    package enum Kind: String, Sendable {
        case list = ""
        case table = "the table "
        case folder = "the folder "
    }

    /// What is wrong with a line.
    package enum LineFault: Error, Sendable, Hashable {
        case longerThanAnyPath
        case tooLong(bytes: Int)
        case notUTF8
        case standardInput
        case zeroInName
        case noName
        case fields(found: Int, header: Int)
        /// In seconds.
        case impossibleSegment(start: Double, end: Double)
        /// The beginning of what is in the column, fit for a message.
        case notATime(String, column: String, unit: TimeText.Unit)
        /// Times in seconds, where the duration is not from start to end.
        case otherDuration(start: Double, end: Double, duration: Double, column: String)

        /// Nil if a line may give a file this name.
        init?(name: String) {
            if name == "-" {
                self = .standardInput
            } else if name.utf8.contains(0) {
                self = .zeroInName
            } else {
                return nil
            }
        }
    }
}

extension InputError: CustomStringConvertible {
    /// One line: what was wrong, and what would be right.
    package var description: String {
        switch self {
        case .emptyName: "an empty name; a file or folder is expected"
        case .standardInputTwice: "it can be read only once"

        case .unreadable(let kind, let error, let isBegun):
            "\(kind.rawValue)can't be read\(isBegun ? " to its end" : ""): \(Self.words(for: error))"
        case .noFile(let wanted, let isRecursive, _):
            "there is no \(wanted) in this folder\(isRecursive ? " or below it" : "")"
        case .nameNotUTF8: "its name is not UTF-8 text; rename it"

        case .emptyList: "the list names no file"
        case .emptyTable:
            "the table is empty; a column 'file' is needed, and may be followed by 'start' and 'end' in seconds"
        case .tableWithoutRows: "the table has no rows"
        case .tableNotUTF8: "the table is not UTF-8 text"
        case .noFileColumn(let columns):
            "the table needs a column 'file', and may have 'start' and 'end' in seconds; \(Self.list(columns))"
        case .noSuchColumn(let name, let columns): "the table has no column \(quoted(name)); \(Self.list(columns))"
        case .sameMeaning(let columns, let meaning):
            "columns \(Self.quotedList(columns)) of the table both mean \(meaning); rename or remove one of them"
        case .ambiguousOffset(let column):
            "column \(quoted(column)) of the table may mean a start or an end; call it 'start' or 'end'"
        case .noStart(let end, let duration):
            "the table has \(quoted(end)) and \(quoted(duration)), but no column 'start'"
        case .unreadableTimes(let column, let unit):
            "column \(quoted(column)) of the table gives times in \(unit), which are not read; "
                + "columns 'start' and 'end' in seconds are"
        case .foreign(.table, let kind): "not a CSV table but \(kind)"
        case .foreign(_, let kind): "not a list of files but \(kind)"
        case .damagedGzip(let kind, let isCutShort):
            "\(kind.rawValue)can't be read to its end: its gzip data are \(isCutShort ? "cut short" : "damaged")"
        case .openQuote(let line): "line \(line) opens a quote that is not closed; what follows was not read"

        case .line(let number, let name, let fault): "line \(number) of \(printable(name)) \(fault)"
        }
    }

    /// What the header has.
    private static func list(_ columns: [String]) -> String {
        let named = columns.filter { !$0.isEmpty }
        if named.isEmpty { return "its columns have no names" }
        if named.count == 1 { return "its only column is \(quotedList(named))" }
        return "its columns are \(quotedList(Array(named.prefix(12))))"
            + (named.count > 12 ? " and \(named.count - 12) others" : "")
    }

    private static func quotedList(_ names: [String]) -> String {
        let quoted = names.map { "'\(printable($0, longest: 40))'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func words(for error: SystemError) -> String {
        switch error.code {
        case ENOENT, ENOTDIR: "no such file"
        case EACCES, EPERM: "no permission to read it"
        default: error.description
        }
    }
}

extension InputError.LineFault: CustomStringConvertible {
    /// What the line is or does.
    package var description: String {
        switch self {
        case .longerThanAnyPath: "is longer than any path; a list has one path per line"
        case .tooLong(let bytes): "is longer than \(bytes) bytes"
        case .notUTF8: "is not UTF-8 text"
        case .standardInput: "names standard input, which only an argument can"
        case .zeroInName: "has a NUL character, which no file name can have"
        case .noName: "names no file"
        case .fields(let found, let header):
            "has \(found) fields, the header \(header); a field with a comma needs quotes"
        case .impossibleSegment(let start, let end):
            "ends at \(end) s, which is not after its start at \(start) s"
        case .notATime(let text, let column, .seconds):
            "has '\(text)' as \(column), not seconds or a time such as 0 days 00:00:01.5"
        case .notATime(let text, let column, let unit): "has '\(text)' as \(column), not a number of \(unit)"
        case .otherDuration(let start, let end, let duration, let column):
            "goes from \(start) to \(end) s, and its \(printable(column, longest: 40)) is \(duration) s"
        }
    }
}
