#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that grows by whole pieces, and can be cut back to where a piece ended.
public final class AppendedFile {
    private let descriptor: Int32
    /// Where the next piece goes.
    public private(set) var byteCount: Int

    /// Opens a file, made if it is missing, to append to what is there.
    public init(path: String) throws(FileOutputError) {
        guard !path.utf8.contains(0) else { throw FileOutputError(.opening, code: EINVAL) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileOutputError(.opening, code: errno) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else {
            let code = errno
            close(descriptor)
            throw FileOutputError(.opening, code: code)
        }
        self.descriptor = descriptor
        byteCount = Int(end)
    }

    /// An empty file without a name in a folder; it goes when this object does.
    public init(unnamedIn folder: String) throws(FileOutputError) {
        var template = Array("\(folder)/emotion-cli-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileOutputError(.opening, code: errno) }
        unlink(template)
        self.descriptor = descriptor
        byteCount = 0
    }

    deinit { close(descriptor) }

    /// Appends a piece. Where not all of it can be written, as on a full disk, nothing of it stays.
    public func append(_ bytes: RawSpan) throws(FileOutputError) {
        do {
            try writeAll(bytes) { rest, done in
                pwrite(descriptor, rest.baseAddress, rest.count, off_t(byteCount + done))
            }
        } catch {
            ftruncate(descriptor, off_t(byteCount))
            throw error
        }
        byteCount += bytes.byteCount
    }

    /// Cuts off what comes after so many bytes, of which there must be at least as many.
    public func cut(to byteCount: Int) throws(FileOutputError) {
        precondition((0...self.byteCount).contains(byteCount), "a file can only be cut to fewer bytes")
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw FileOutputError(.writing, code: errno) }
        self.byteCount = byteCount
    }

    /// The bytes from an offset on; fewer than asked for where the file ends before.
    public func read(at offset: Int, count: Int) throws(FileOutputError) -> [UInt8] {
        try readAll(descriptor, at: offset, count: max(0, min(count, byteCount - offset)))
    }

    /// Waits until everything is on the disk. Some file systems report a full disk only here.
    public func synchronize() throws(FileOutputError) {
        // Those that know no fsync say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileOutputError(.writing, code: errno) }
    }
}
