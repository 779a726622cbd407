import Corpus

/// The requests that a worker reads, one a line, as they come.
struct WorkerRequestReader {
    /// In bytes.
    static let longestLine = 1 << 20

    private var lines: LineReader

    /// - Parameter path: `-` for standard input.
    /// - Throws: why it can't be read.
    init(_ path: String = "-") throws(InputFailure) { lines = try LineReader(path, longest: Self.longestLine) }

    /// The next line's request, or what answers it; nil at the end.
    ///
    /// - Throws: why no more can be read.
    mutating func next() throws(InputFailure) -> Result<WorkerRequest, WorkerRequestError>? {
        guard let line = try lines.next() else { return nil }
        if lines.isCut {
            return .failure(WorkerRequestError(id: .none, .tooLong(line: lines.number, longest: Self.longestLine)))
        }
        do throws(WorkerRequestError) { return .success(try WorkerRequest(line: line, number: lines.number)) } catch {
            return .failure(error)
        }
    }
}
