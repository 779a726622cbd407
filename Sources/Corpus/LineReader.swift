import Files

/// The lines of a file or of standard input, one after another as they come.
package struct LineReader {
    /// What ends a line.
    package enum Separator: Sendable {
        case lineFeed
        /// Of line feed and NUL, the one that comes first in the file: `find -print0` ends names with NUL.
        case detected
    }

    /// In bytes; what a line has beyond it is skipped.
    private let longest: Int
    let name: String
    private var source: ByteSource
    /// Nil until it is detected.
    private var separator: UInt8?

    /// The number of the last line that was read, counted from 1.
    package private(set) var number = 0
    /// Whether the last line that was read was longer than the longest; its end is missing then.
    package private(set) var isCut = false

    /// Whether the lines end in NUL.
    var isNulSeparated: Bool { separator == 0 }

    /// What the file holds, as far as its first bytes show, if that is no text of lines.
    var foreignKind: FileKind? { source.foreignKind }

    /// The path `-` is standard input.
    ///
    /// - Throws: why it can't be read.
    package init(_ path: String, longest: Int, separator: Separator = .lineFeed) throws(RowFailure) {
        let name = path == "-" ? "standard input" : path
        do throws(InputError) { source = try ByteSource(path, .list) } catch {
            throw RowFailure(file: name, reason: error)
        }
        self.separator = separator == .lineFeed ? ASCII.lineFeed : nil
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
                if separator == nil, byte == ASCII.lineFeed || byte == 0 { separator = byte }
                if byte == separator { break }
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
