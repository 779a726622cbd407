/// JSON objects with file, start, end, then a number for each label, or a list for an embedding: one array of them, or
/// one a line.
struct JSONRows: RowEncoding {
    /// A column's names, as the object has them.
    private struct Keys {
        let name: String
        let labels: [String]
        let isLabelled: Bool
    }

    private let columns: [Keys]
    private let times: TimeStyle
    private let lines: Bool

    init(_ columns: [OutputColumns], times: TimeStyle, lines: Bool) {
        self.columns = columns.map { column in
            let labels = column.isLabelled ? column.labels.map(JSONText.quoted) : []
            return Keys(name: JSONText.quoted(column.name), labels: labels, isLabelled: column.isLabelled)
        }
        self.times = times
        self.lines = lines
    }

    func bytes(of row: Row, isFirst: Bool) -> [UInt8] {
        let object = object(row)
        return Array((lines ? object + "\n" : (isFirst ? "[\n" : ",\n") + object).utf8)
    }

    func closing(isEmpty: Bool) -> [UInt8] { lines ? [] : Array((isEmpty ? "[]\n" : "\n]\n").utf8) }

    private func object(_ row: Row) -> String {
        var fields = [
            "\"file\": \(JSONText.quoted(row.file))", "\"start\": \(time(row.start))", "\"end\": \(time(row.end))",
        ]
        for (keys, values) in zip(columns, row.values) {
            if keys.isLabelled {
                fields += zip(keys.labels, values).map { "\($0): \(JSONText.number($1))" }
            } else {
                fields.append("\(keys.name): [\(values.map { JSONText.number($0) }.joined(separator: ", "))]")
            }
        }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    private func time(_ seconds: Double) -> String {
        switch times {
        case .seconds: JSONText.number(seconds)
        case .timedelta: JSONText.quoted(times.text(seconds))
        }
    }
}
