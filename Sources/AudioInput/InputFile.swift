import Foundation

/// A file, open for reading from its beginning. A stream becomes one first, because most formats are read by seeking.
final class InputFile {
    let descriptor: Int32
    let byteCount: Int

    /// A stream may bring as much as a WAV file can hold.
    private static let streamLimit = 1 << 32

    /// The path `-` is standard input.
    init(_ path: String) throws(AudioError.Reason) {
        let opened = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .init(code: errno) }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            defer { close(opened) }
            throw .init(code: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            close(opened)
            throw .isDirectory
        case S_IFREG where path != "-":
            descriptor = opened
            byteCount = Int(status.st_size)
        default:
            // Also a redirected file: its position is shared with whoever opened it, and may not be the beginning.
            defer { close(opened) }
            (descriptor, byteCount) = try Self.takeIn(opened)
        }
        if byteCount == 0 { throw .empty }
    }

    /// A file with these bytes.
    init(_ bytes: [UInt8]) throws(AudioError.Reason) {
        if bytes.isEmpty { throw .empty }
        descriptor = try Self.temporaryFile()
        byteCount = bytes.count
        guard pwrite(descriptor, bytes, byteCount, 0) == byteCount else { throw .init(code: errno) }
    }

    deinit { close(descriptor) }

    /// The bytes in a range, or fewer where the file ends before.
    func read(_ count: Int, at offset: Int) throws(AudioError.Reason) -> [UInt8] {
        guard offset >= 0, offset < byteCount else { return [] }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: min(count, byteCount - offset)) { buffer, filled in
            let result = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            code = result < 0 ? errno : 0
            filled = max(0, result)
        }
        guard code == 0 else { throw .init(code: code) }
        return bytes
    }

    /// A copy with other bytes in place of those before `start`.
    func copy(from start: Int, behind prefix: [UInt8]) throws(AudioError.Reason) -> InputFile {
        lseek(descriptor, off_t(start), SEEK_SET)
        defer { lseek(descriptor, 0, SEEK_SET) }
        return InputFile(try Self.takeIn(descriptor, behind: prefix))
    }

    private init(_ taken: (descriptor: Int32, byteCount: Int)) {
        descriptor = taken.descriptor
        byteCount = taken.byteCount
    }

    /// Copies a stream into a temporary file that has no name.
    private static func takeIn(
        _ stream: Int32, behind prefix: [UInt8] = []
    ) throws(AudioError.Reason) -> (descriptor: Int32, byteCount: Int) {
        let temporary = try temporaryFile()
        do throws(AudioError.Reason) {
            return (temporary, try copy(stream, behind: prefix, to: temporary))
        } catch {
            close(temporary)
            throw error
        }
    }

    /// A new file that has no name and goes when it is closed.
    private static func temporaryFile() throws(AudioError.Reason) -> Int32 {
        var template = Array(FileManager.default.temporaryDirectory.appending(path: "audio-XXXXXX").path.utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .init(code: errno) }
        unlink(template)
        return descriptor
    }

    private static func copy(
        _ stream: Int32, behind prefix: [UInt8], to target: Int32
    ) throws(AudioError.Reason) -> Int {
        guard pwrite(target, prefix, prefix.count, 0) == prefix.count else { throw .init(code: errno) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var count = prefix.count
        while true {
            let received = Foundation.read(stream, &buffer, buffer.count)
            if received == 0 { break }
            guard received > 0 else {
                if errno == EINTR { continue }
                throw .init(code: errno)
            }
            guard count + received <= streamLimit else { throw .tooLarge(limit: streamLimit) }
            guard pwrite(target, buffer, received, off_t(count)) == received else { throw .init(code: errno) }
            count += received
        }
        return count
    }
}
