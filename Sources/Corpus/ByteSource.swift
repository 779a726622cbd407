import Files
import Foundation

/// The bytes of a file, from first to last, without a byte order mark at its beginning. The file may be one that can be
/// read only once.
struct ByteSource {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let bufferSize = 1 << 18

    private let kind: InputError.Kind
    private let file: Descriptor
    private var buffer: [UInt8] = []
    private var position = 0

    /// The path `-` is standard input; errors name the file as one of this kind.
    init(_ path: String, _ kind: InputError.Kind) throws(InputError) {
        self.kind = kind
        do throws(FileError) {
            file = path == "-" ? Descriptor(borrowing: STDIN_FILENO) : try Descriptor(opening: path, O_RDONLY)
            // No more than a byte order mark could be: the writer of a pipe may be waiting for an answer.
            let mark = Self.byteOrderMark
            while buffer.count < mark.count, mark.starts(with: buffer) {
                let piece = try file.readNext(atMost: Self.bufferSize)
                if piece.isEmpty { break }
                buffer += piece
            }
            if buffer.starts(with: mark) { position = mark.count }
        } catch {
            throw .unreadable(kind, error.cause)
        }
    }

    /// The next byte; nil at the end.
    @inline(__always)
    mutating func next() throws(InputError) -> UInt8? {
        if position == buffer.count {
            do throws(FileError) { buffer = try file.readNext(atMost: Self.bufferSize) } catch {
                throw .unreadable(kind, error.cause, isBegun: true)
            }
            position = 0
            if buffer.isEmpty { return nil }
        }
        defer { position += 1 }
        return buffer[position]
    }
}

/// The characters that times, tables and lists are made of.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let plus = UInt8(ascii: "+")
    static let comma = UInt8(ascii: ",")
    static let minus = UInt8(ascii: "-")
    static let point = UInt8(ascii: ".")
    static let semicolon = UInt8(ascii: ";")
    static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    /// The bit that a lower-case letter has and its capital has not.
    static let lowercase: UInt8 = 0x20

    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces and tabs at both ends.
    func trimmed() -> SubSequence {
        let start = drop(while: ASCII.isBlank)
        guard let last = start.lastIndex(where: { !ASCII.isBlank($0) }) else { return start }
        return start[...last]
    }
}
