import Foundation

/// JSON objects with file, start, end in seconds, then a number for each label, or a list for an embedding: one array
/// of them, or one a line.
struct JSONRows: RowWriter {
    private let columns: [OutputColumns]
    private let output: TextOutput
    private let lines: Bool
    private var isFirst = true

    init(_ columns: [OutputColumns], _ output: TextOutput, lines: Bool) {
        self.columns = columns
        self.output = output
        self.lines = lines
    }

    mutating func write(_ row: Row) throws {
        let object = try object(row)
        try output.write(lines ? object + "\n" : (isFirst ? "[\n" : ",\n") + object)
        isFirst = false
    }

    func finish() throws {
        if !lines { try output.write(isFirst ? "[]\n" : "\n]\n") }
    }

    private func object(_ row: Row) throws -> String {
        var fields = ["\"file\": \(try quoted(row.file))", "\"start\": \(row.start)", "\"end\": \(row.end)"]
        for (column, values) in zip(columns, row.values) {
            if column.isLabelled {
                fields += try zip(column.labels, values).map { "\(try quoted($0)): \(number($1))" }
            } else {
                fields.append("\(try quoted(column.name)): [\(values.map(number).joined(separator: ", "))]")
            }
        }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    /// The shortest decimal that reads back as the same float32. JSON has no infinity.
    private func number(_ value: Float) -> String { value.isFinite ? "\(value)" : "null" }

    private func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
