/// The lines of a file or of standard input, one after another as they come.
package struct LineReader {
    /// In bytes; what a line has beyond it is skipped.
    private let longest: Int
    let name: String
    private var source: ByteSource

    /// The number of the last line that was read, counted from 1.
    package private(set) var number = 0
    /// Whether the last line that was read was longer than the longest; its end is missing then.
    package private(set) var isCut = false

    /// The path `-` is standard input.
    ///
    /// - Throws: why it can't be read.
    package init(_ path: String, longest: Int) throws(RowFailure) {
        let name = path == "-" ? "standard input" : path
        do throws(InputError) { source = try ByteSource(path, .list) } catch {
            throw RowFailure(file: name, reason: error)
        }
        self.longest = longest
        self.name = name
    }

    /// The bytes of the next line, without the line feed; nil at the end.
    ///
    /// - Throws: why no more can be read.
    package mutating func next() throws(RowFailure) -> [UInt8]? {
        var line: [UInt8] = []
        var isAtEnd = true
        isCut = false
        do throws(InputError) {
            while let byte = try source.next() {
                isAtEnd = false
                if byte == ASCII.lineFeed { break }
                if line.count < longest { line.append(byte) } else { isCut = true }
            }
        } catch {
            throw RowFailure(file: name, reason: error)
        }
        if isAtEnd { return nil }
        number += 1
        return line
    }
}
