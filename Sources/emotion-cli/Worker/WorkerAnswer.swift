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

    /// The object, in one line without its end: id, then the row as jsonl has it, with times in seconds; or id and error.
    var line: String {
        switch self {
        case .row(let id, let row, let columns):
            "{\"id\": \(id.json), \(JSONRows(columns, times: .seconds, lines: true).object(row).dropFirst())"
        case .failure(let id, let message): "{\"id\": \(id.json), \"error\": \(JSONText.quoted(message))}"
        }
    }
}
