import Files

/// A request that can't be understood.
struct WorkerRequestError: Error, Hashable, CustomStringConvertible {
    /// The request's; that of none where the line is no JSON object.
    let id: RequestID
    let reason: Reason

    init(id: RequestID, _ reason: Reason) {
        self.id = id
        self.reason = reason
    }

    enum Reason: Hashable, Sendable {
        case blank(line: Int)
        /// Longer than so many bytes.
        case tooLong(line: Int, longest: Int)
        case notUTF8(line: Int)
        /// From this byte of the line on, counted from 1.
        case notJSON(line: Int, byte: Int)
        case noObject(line: Int)
        case noFile(line: Int)
        case standardInput
        case zeroInName(file: String)
        /// As the request has it.
        case noTime(file: String, name: String, found: String)
        case impossibleSegment(file: String, start: Double, end: Double)
    }

    /// One line.
    var description: String {
        switch reason {
        case .blank(let line): "line \(line): blank; \(Self.expectation)"
        case .tooLong(let line, let longest): "line \(line): longer than \(longest) bytes; \(Self.expectation)"
        case .notUTF8(let line): "line \(line): not UTF-8 text; \(Self.expectation)"
        case .notJSON(let line, let byte): "line \(line): not JSON at byte \(byte); \(Self.expectation)"
        case .noObject(let line): "line \(line): no JSON object; \(Self.expectation)"
        case .noFile(let line): "line \(line): no file; \(Self.expectation)"
        case .standardInput: "-: standard input holds the requests; the path of a file is needed"
        case .zeroInName(let file): "\(printable(file)): a NUL character, which no file name can have"
        case .noTime(let file, let name, let found):
            "\(printable(file)): \(name) is \(printable(found, longest: 40)), not seconds or a time such as "
                + "\"0 days 00:00:01.5\""
        case .impossibleSegment(let file, let start, let end):
            "\(printable(file)): ends at \(end) s, which is not after its start at \(start) s"
        }
    }

    private static let expectation = #"an object such as {"id": 1, "file": "a.wav"} is expected"#
}
