import Foundation

/// A table with a header: file, start, end in seconds, then a column for each number.
struct CSVRows: RowWriter {
    private let output: TextOutput

    init(_ columns: [OutputColumns], _ output: TextOutput) throws {
        self.output = output
        let header = ["file", "start", "end"] + columns.flatMap(\.labels).map(Self.quoted)
        try output.write(header.joined(separator: ",") + "\n")
    }

    func write(_ row: Row) throws {
        let fields = [Self.quoted(row.file), "\(row.start)", "\(row.end)"] + row.values.joined().map { "\($0)" }
        try output.write(fields.joined(separator: ",") + "\n")
    }

    func finish() {}

    /// RFC 4180: quotes around what holds a comma, a quote or a line break, quotes inside doubled.
    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
