import Foundation

/// The formats that rows are written in.
package enum RowFormat: String, CaseIterable, Sendable {
    /// For people: one line per row.
    case text
    case csv
    /// One array of objects.
    case json
    /// One object per line.
    case jsonl
    /// NumPy arrays.
    case npz

    /// The format that a file's name asks for: by its ending, or by what comes before `.gz`.
    package init?(extensionOf path: String) {
        let isCompressed = Self.isCompressed(path)
        switch Self.ending(of: path).lowercased() {
        case "txt": self = .text
        case "csv": self = .csv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "npz" where !isCompressed: self = .npz
        default: return nil
        }
    }

    /// What a file's name ends in, before `.gz` if it ends in that; empty for a name without an ending.
    package static func ending(of path: String) -> String {
        let name = isCompressed(path) ? (path as NSString).deletingPathExtension : path
        return (name as NSString).pathExtension
    }

    /// How rows of the format write times by default.
    package var defaultTimes: TimeStyle { self == .csv ? .timedelta : .seconds }

    /// Whether rows can have times in either style.
    var hasTimeStyles: Bool { self == .csv || self == .json || self == .jsonl }

    /// Whether a file's name asks for gzip.
    static func isCompressed(_ path: String) -> Bool { path.lowercased().hasSuffix(".gz") }

    /// How rows become bytes.
    func encoding(_ columns: [OutputColumns], times: TimeStyle) -> any RowEncoding {
        switch self {
        case .text: TextRows(columns)
        case .csv: CSVRows(columns, times: times)
        case .json: JSONRows(columns, times: times, lines: false)
        case .jsonl: JSONRows(columns, times: times, lines: true)
        case .npz: BinaryRows(columns)
        }
    }
}

/// How a table writes the time at which a recording starts or ends.
package enum TimeStyle: String, CaseIterable, Sendable {
    /// A number: `1.89825`.
    case seconds
    /// As pandas prints a `Timedelta`: `0 days 00:00:01.898250`.
    case timedelta

    /// As a table has it.
    package func text(_ seconds: Double) -> String {
        switch self {
        case .seconds: "\(seconds)"
        case .timedelta: Self.timedelta(seconds)
        }
    }

    /// Whole seconds without a fraction, else microseconds, or nanoseconds if they are not zero; to the nearest
    /// nanosecond. Times before zero are counted from the midnight before, as pandas does: `-1 days +23:59:59`. What is
    /// not a number, or beyond the 292 years that pandas knows, is `NaT`.
    private static func timedelta(_ seconds: Double) -> String {
        // Whole and fraction apart: their product with 10⁹ would be beyond a Double's exact integers after 104 days.
        let whole = seconds.rounded(.down)
        guard seconds.isFinite, abs(whole) < Double(Int64.max / second) else { return "NaT" }
        let nanoseconds = Int64(whole) * second + Int64(((seconds - whole) * Double(second)).rounded())
        let days = nanoseconds / day - (nanoseconds % day < 0 ? 1 : 0)
        let rest = nanoseconds - days * day
        let clock = [rest / second / 3600, rest / second / 60 % 60, rest / second % 60]
        let text = "\(days) days \(days < 0 ? "+" : "")" + clock.map { padded($0, digits: 2) }.joined(separator: ":")
        let fraction = rest % second
        if fraction == 0 { return text }
        return text + "." + (fraction % 1000 == 0 ? padded(fraction / 1000, digits: 6) : padded(fraction, digits: 9))
    }

    /// In nanoseconds.
    private static let second: Int64 = 1_000_000_000
    private static let day = 86_400 * second
}

/// A number with at least this many digits.
func padded(_ number: some BinaryInteger, digits: Int, radix: Int = 10) -> String {
    let text = String(number, radix: radix)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// One output of the model, as rows show it.
package struct OutputColumns: Sendable, Hashable {
    /// The output's name, such as `logits`.
    package let name: String
    /// What each number is, such as `arousal`; numbers without labels are counted, `hidden_states-0` and so on.
    package let labels: [String]
    /// Whether the labels say more than a count: numbers that are only counted are an embedding.
    package let isLabelled: Bool
    /// Whether the numbers are whole, and written so.
    package let isWhole: Bool

    package init(name: String, labels: [String], isLabelled: Bool, isWhole: Bool = false) {
        self.name = name
        self.labels = labels
        self.isLabelled = isLabelled
        self.isWhole = isWhole
    }

    /// The channel that a row is of, counted from 1: the first column, if each channel is scored by itself.
    package static let channel = OutputColumns(
        name: "channel", labels: ["channel"], isLabelled: true, isWhole: true)

    /// A number as rows write it.
    func text(_ value: Float) -> String { isWhole && value.isFinite ? "\(Int(value))" : "\(value)" }
}
