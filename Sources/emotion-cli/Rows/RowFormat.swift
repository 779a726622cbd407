import ArgumentParser
import Foundation

/// The formats that rows are written in.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case csv
    case json
    case jsonl
    case npz

    /// The format that a file's name asks for.
    init?(extensionOf path: String) {
        switch (path as NSString).pathExtension.lowercased() {
        case "txt": self = .text
        case "csv": self = .csv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "npz": self = .npz
        default: return nil
        }
    }

    /// A writer of this format to a file, or to standard output where `path` is nil.
    func writer(to path: String?, _ columns: [OutputColumns]) throws -> any RowWriter {
        switch self {
        case .text: TextRows(columns, try TextOutput(path))
        case .csv: try CSVRows(columns, try TextOutput(path))
        case .json: JSONRows(columns, try TextOutput(path), lines: false)
        case .jsonl: JSONRows(columns, try TextOutput(path), lines: true)
        case .npz: try NPZRows(columns, path)
        }
    }
}
