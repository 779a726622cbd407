import Foundation

/// The formats that rows are written in.
public enum RowFormat: String, CaseIterable, Sendable {
    /// For people: one line a row.
    case text
    case csv
    /// One array of objects.
    case json
    /// An object a line.
    case jsonl
    /// NumPy arrays.
    case npz

    /// The format that a file's name asks for: by its ending, or by what comes before `.gz`.
    public init?(extensionOf path: String) {
        let isCompressed = Self.isCompressed(path)
        let name = isCompressed ? (path as NSString).deletingPathExtension : path
        switch (name as NSString).pathExtension.lowercased() {
        case "txt": self = .text
        case "csv": self = .csv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "npz" where !isCompressed: self = .npz
        default: return nil
        }
    }

    /// How rows of the format say times unless they are told otherwise.
    public var defaultTimes: TimeStyle { self == .csv ? .timedelta : .seconds }

    /// Whether rows can say times in either style.
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
