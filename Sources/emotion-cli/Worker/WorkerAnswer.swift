import Corpus
import ScoreTables

/// A worker's answer to a request: a line with a JSON object.
enum WorkerAnswer {
    case row(RequestID, Row, [OutputColumns])
    /// With what was wrong.
    case failure(RequestID, String)

    init(_ failure: RowFailure, of request: RequestID) {
        self = .failure(request, "\(failure.file.isEmpty ? "" : "\(failure.file): ")\(failure.reason)")
    }

    /// The object, in one line without its end: id, file, start and end in seconds, then each output's numbers by their
    /// labels, or as a list if they have none; or id and error.
    var line: String {
        switch self {
        case .row(let id, let row, let columns):
            var fields = [
                Self.field("id", id.json), Self.field("file", JSONText.quoted(row.file)),
                Self.field("start", JSONText.number(row.start)), Self.field("end", JSONText.number(row.end)),
            ]
            for (column, values) in zip(columns, row.values) {
                if column.isLabelled {
                    fields += zip(column.labels, values).map { Self.field($0, JSONText.number($1)) }
                } else {
                    let numbers = values.map { JSONText.number($0) }
                    fields.append(Self.field(column.name, "[\(numbers.joined(separator: ", "))]"))
                }
            }
            return "{\(fields.joined(separator: ", "))}"
        case .failure(let id, let message):
            return "{\(Self.field("id", id.json)), \(Self.field("error", JSONText.quoted(message)))}"
        }
    }

    private static func field(_ name: String, _ value: String) -> String { "\(JSONText.quoted(name)): \(value)" }
}
