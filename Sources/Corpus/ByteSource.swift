import Files
import Foundation

/// The bytes of a file, from first to last, without a byte order mark at its beginning; of a file compressed with gzip,
/// those that it holds. The file may be one that can be read only once.
struct ByteSource {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let gzipMagic: [UInt8] = [0x1F, 0x8B]
    private static let bufferSize = 1 << 18

    private let kind: InputError.Kind
    private let file: Descriptor
    private var gzip: GzipSource?
    private var buffer: [UInt8] = []
    private var position = 0

    /// The path `-` is standard input; errors name the file as one of this kind.
    init(_ path: String, _ kind: InputError.Kind) throws(InputError) {
        self.kind = kind
        do throws(FileError) {
            file = path == "-" ? Descriptor(borrowing: STDIN_FILENO) : try Descriptor(opening: path, O_RDONLY)
        } catch {
            throw .unreadable(kind, error.cause)
        }
        try begin(with: Self.gzipMagic)
        if buffer.starts(with: Self.gzipMagic) {
            let compressed = buffer
            buffer = []
            gzip = GzipSource()
            // zlib fails to begin only if there is no memory.
            guard gzip != nil else { throw .unreadable(kind, SystemError(ENOMEM)) }
            try take(compressed)
        }
        try begin(with: Self.byteOrderMark)
        if buffer.starts(with: Self.byteOrderMark) { position = Self.byteOrderMark.count }
    }

    /// What the file holds, as far as its first bytes show, if that is no text of lines.
    var foreignKind: FileKind? {
        let kind = FileKind(Array(buffer[position...].prefix(FileKind.startLength)))
        return kind?.use == .text ? nil : kind
    }

    /// Reads as long as the file may begin with these bytes, and no more: the writer of a pipe may be waiting for an
    /// answer.
    private mutating func begin(with bytes: [UInt8]) throws(InputError) {
        while buffer.count < bytes.count, bytes.starts(with: buffer) {
            let piece = try readPiece(isBegun: false)
            if piece.isEmpty { break }
            buffer += piece
        }
    }

    /// Decompresses the first bytes, which were read already.
    private mutating func take(_ compressed: [UInt8]) throws(InputError) {
        var first: [UInt8]? = compressed
        buffer = try decompress(isBegun: false) { [file] () throws(FileError) in
            if let bytes = first {
                first = nil
                return bytes
            }
            return try file.readNext(atMost: Self.bufferSize)
        }
    }

    private func readPiece(isBegun: Bool) throws(InputError) -> [UInt8] {
        let read = { [file] () throws(FileError) in try file.readNext(atMost: Self.bufferSize) }
        if gzip != nil { return try decompress(isBegun: isBegun, read) }
        do throws(FileError) { return try read() } catch {
            throw .unreadable(kind, error.cause, isBegun: isBegun)
        }
    }

    private func decompress(
        isBegun: Bool, _ more: () throws(FileError) -> [UInt8]
    ) throws(InputError) -> [UInt8] {
        do { return try gzip?.next(more) ?? [] } catch let error as FileError {
            throw .unreadable(kind, error.cause, isBegun: isBegun)
        } catch {
            throw .damagedGzip(kind, isCutShort: error as? GzipSource.Failure == .cutShort)
        }
    }

    /// The next byte; nil at the end.
    @inline(__always)
    mutating func next() throws(InputError) -> UInt8? {
        if position == buffer.count {
            buffer = try readPiece(isBegun: true)
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
    static let hash = UInt8(ascii: "#")
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
