import Files
import Foundation

/// A file, open for reading from its beginning. A stream becomes one first, as most formats are read by seeking.
final class InputFile {
    let byteCount: Int
    /// Whether it came through a pipe, which ended with it.
    let isStream: Bool
    /// What ``oggStream()`` has found.
    var knownOggStream: OggStream?
    private let file: Descriptor

    /// The most that is taken from a stream: as much as a WAV file can hold.
    private static let streamLimit = 1 << 32
    private static let pieceLength = 1 << 20

    /// Open while this object is alive; its position is the file's beginning.
    var descriptor: Int32 { file.number }

    /// Refuses a stream by its beginning; `isWhole` if that is all of it.
    typealias StreamCheck = (_ start: [UInt8], _ isWhole: Bool) throws(AudioError.Reason) -> Void

    /// The path `-` is standard input. A stream is checked by its first bytes before more of it is copied.
    convenience init(_ path: String, mayBe check: StreamCheck? = nil) throws(AudioError.Reason) {
        let opened: Descriptor
        let status: stat
        do throws(FileError) {
            opened = path == "-" ? Descriptor(borrowing: STDIN_FILENO) : try Descriptor(opening: path, O_RDONLY)
            status = try opened.status()
        } catch {
            throw .init(code: error.code)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw .isDirectory
        case S_IFREG where path != "-": try self.init(opened, byteCount: Int(status.st_size))
        default:
            // Also a redirected file: its position is shared with the process that opened it, and may not be the
            // beginning.
            let start = try Self.beginning(of: opened, check)
            try self.init(copying: start) { _ throws(FileError) in try opened.readNext(atMost: Self.pieceLength) }
        }
    }

    /// The first bytes of a stream, once they are checked: those that come first, then as many as a piece has.
    private static func beginning(
        of stream: Descriptor, _ check: StreamCheck?
    ) throws(AudioError.Reason) -> [UInt8] {
        var start: [UInt8] = []
        guard let check else { return start }
        var isWhole = false
        for length in [FileKind.startLength, pieceLength] {
            while start.count < length, !isWhole {
                do throws(FileError) {
                    let piece = try stream.readNext(atMost: length - start.count)
                    start += piece
                    isWhole = piece.isEmpty
                } catch {
                    throw .init(code: error.code)
                }
            }
            if !start.isEmpty { try check(start, isWhole || length < pieceLength) }
        }
        return start
    }

    /// A file with these bytes.
    convenience init(_ bytes: [UInt8]) throws(AudioError.Reason) {
        try self.init(copying: bytes) { _ throws(FileError) in [] }
    }

    private init(_ file: Descriptor, byteCount: Int, isStream: Bool = false) throws(AudioError.Reason) {
        if byteCount == 0 { throw .empty }
        self.isStream = isStream
        self.file = file
        self.byteCount = byteCount
    }

    /// A temporary file without a name that holds `beginning` and then the pieces that `next` returns, up to an empty
    /// one. It is given the number of bytes in the pieces before.
    private convenience init(
        copying beginning: [UInt8], then next: (_ position: Int) throws(FileError) -> [UInt8]
    ) throws(AudioError.Reason) {
        let folder = FileManager.default.temporaryDirectory.path
        let copy: AppendedFile
        do throws(FileError) {
            copy = try AppendedFile(unnamedIn: folder)
            try copy.append(beginning.span.bytes)
            var isWhole = false
            while !isWhole, copy.byteCount - beginning.count <= Self.streamLimit {
                let piece = try next(copy.byteCount - beginning.count)
                try copy.append(piece.span.bytes)
                isWhole = piece.isEmpty
            }
        } catch {
            throw error.step == .reading ? .init(code: error.code) : .cannotCopy(code: error.code)
        }
        guard copy.byteCount - beginning.count <= Self.streamLimit else { throw .tooLarge(limit: Self.streamLimit) }
        try self.init(copy.descriptor, byteCount: copy.byteCount, isStream: true)
    }

    /// At most `count` bytes from an offset on, fewer if the file ends before.
    func read(_ count: Int, at offset: Int) throws(AudioError.Reason) -> [UInt8] {
        guard offset >= 0, offset < byteCount else { return [] }
        do throws(FileError) { return try file.read(at: offset, count: min(count, byteCount - offset)) } catch {
            throw .init(code: error.code)
        }
    }
}
