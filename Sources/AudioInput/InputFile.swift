import Files
import Foundation

/// A file, open for reading from its beginning. A stream becomes one first, as most formats are read by seeking.
final class InputFile {
    let byteCount: Int
    private let file: Descriptor

    /// The most that is taken from a stream: as much as a WAV file can hold.
    private static let streamLimit = 1 << 32
    private static let pieceLength = 1 << 20

    /// Open while this object is alive; its position is the file's beginning.
    var descriptor: Int32 { file.number }

    /// The path `-` is standard input.
    convenience init(_ path: String) throws(AudioError.Reason) {
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
            try self.init(copying: { () throws(FileError) in try opened.readNext(atMost: Self.pieceLength) })
        }
    }

    /// A file with these bytes.
    convenience init(_ bytes: [UInt8]) throws(AudioError.Reason) {
        var rest = bytes
        try self.init(copying: { () throws(FileError) in
            defer { rest = [] }
            return rest
        })
    }

    private init(_ file: Descriptor, byteCount: Int) throws(AudioError.Reason) {
        if byteCount == 0 { throw .empty }
        self.file = file
        self.byteCount = byteCount
    }

    /// A temporary file without a name that holds the pieces that `next` returns, up to an empty one.
    private convenience init(copying next: () throws(FileError) -> [UInt8]) throws(AudioError.Reason) {
        let folder = FileManager.default.temporaryDirectory.path
        let copy: AppendedFile
        do throws(FileError) {
            copy = try AppendedFile(unnamedIn: folder)
            var isWhole = false
            while !isWhole, copy.byteCount <= Self.streamLimit {
                let piece = try next()
                try copy.append(piece.span.bytes)
                isWhole = piece.isEmpty
            }
        } catch {
            throw error.step == .reading ? .init(code: error.code) : .cannotCopy(code: error.code)
        }
        guard copy.byteCount <= Self.streamLimit else { throw .tooLarge(limit: Self.streamLimit) }
        try self.init(copy.descriptor, byteCount: copy.byteCount)
    }

    /// At most `count` bytes from an offset on, fewer if the file ends before.
    func read(_ count: Int, at offset: Int) throws(AudioError.Reason) -> [UInt8] {
        guard offset >= 0, offset < byteCount else { return [] }
        do throws(FileError) { return try file.read(at: offset, count: min(count, byteCount - offset)) } catch {
            throw .init(code: error.code)
        }
    }
}
