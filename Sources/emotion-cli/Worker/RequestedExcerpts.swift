import AudioInput
import Corpus
import ScoreTables
import Scoring
import WorkerRequests

/// The requests that a worker reads, one per line, as they come.
struct WorkerRequestReader {
    /// In bytes.
    static let longestLine = 1 << 20

    private var lines: LineReader

    /// - Parameter path: `-` for standard input.
    /// - Throws: why it can't be read.
    init(_ path: String = "-") throws(RowFailure) { lines = try LineReader(path, longest: Self.longestLine) }

    /// The next line's request, or why it is not one; nil at the end.
    ///
    /// - Throws: why no more can be read.
    mutating func next() throws(RowFailure) -> Result<WorkerRequest, WorkerRequestError>? {
        guard let line = try lines.next() else { return nil }
        if lines.isCut {
            return .failure(WorkerRequestError(id: .none, .tooLong(line: lines.number, longest: Self.longestLine)))
        }
        do throws(WorkerRequestError) { return .success(try WorkerRequest(line: line, number: lines.number)) } catch {
            return .failure(error)
        }
    }
}

/// The excerpts that requests ask for.
struct RequestedExcerpts: Sendable {
    /// Where relative files are looked for; nil for the working folder.
    let root: String?
    /// Counted from 0; nil averages them all.
    let channel: Int?
    /// How many samples the model needs.
    let minimumSamples: Int
    /// How recordings are read.
    var decoding = AudioDecoding()
    /// What they have to fit into.
    let memory: ScoringMemory

    /// The excerpt with its request's id, or why there is none. The failure of a request that is not understood has no
    /// file; its reason says it all.
    func excerpt(_ request: Result<WorkerRequest, WorkerRequestError>) -> (RequestID, Result<Excerpt, RowFailure>) {
        switch request {
        case .failure(let error): return (error.id, .failure(RowFailure(file: "", reason: error)))
        case .success(let request):
            let recording = request.recording(root: root, decoding: decoding)
            do {
                let excerpt = try Excerpt(
                    reading: recording, channel: channel, minimumSamples: minimumSamples, memory: memory)
                return (request.id, .success(excerpt))
            } catch {
                return (request.id, .failure(RowFailure(error, of: recording)))
            }
        }
    }
}

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
