/// The lines of a file or of standard input, one after the other as they come.
public struct LineReader {
    /// In bytes; what a line has beyond it is passed over.
    private let longest: Int
    private let name: String
    private var source: ByteSource

    /// The number of the last line that was read, counted from 1.
    public private(set) var number = 0
    /// Whether the last line that was read was longer than the longest; its end is missing then.
    public private(set) var isCut = false

    /// The path `-` is standard input.
    ///
    /// - Throws: why it can't be read.
    public init(_ path: String, longest: Int) throws(InputFailure) {
        let name = path == "-" ? "standard input" : path
        do throws(SystemFailure) { source = try ByteSource(path) } catch {
            throw InputFailure(file: name, reason: "can't be read: \(error)")
        }
        self.longest = longest
        self.name = name
    }

    /// The bytes of the next line, without the line feed; nil at the end.
    ///
    /// - Throws: why no more can be read.
    public mutating func next() throws(InputFailure) -> [UInt8]? {
        var line: [UInt8] = []
        var isAtEnd = true
        isCut = false
        while let byte = try nextByte() {
            isAtEnd = false
            if byte == ASCII.lineFeed { break }
            if line.count < longest { line.append(byte) } else { isCut = true }
        }
        if isAtEnd { return nil }
        number += 1
        return line
    }

    private mutating func nextByte() throws(InputFailure) -> UInt8? {
        do throws(SystemFailure) { return try source.next() } catch {
            throw InputFailure(file: name, reason: "can't be read to its end: \(error)")
        }
    }
}
