#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that takes its target's place when it is whole, and leaves no trace if it never is.
///
/// It is written beside the target and renamed over it by `commit()`. Whoever has the older file open or mapped keeps
/// it. Where the target is not a regular file (a device, a pipe), there is nothing to replace, and it is written
/// directly.
public final class OutputFile {
    private let descriptor: Int32
    private let closes: Bool
    /// Where the file appears; a symbolic link stays one, and this is what it leads to.
    private let target: String
    /// `nil` once it has been renamed, and where the target is written directly.
    private var temporary: String?
    /// Whether the file may be longer than what was written.
    private var hasReserve = false

    /// Opens a file beside the target.
    ///
    /// `byteCount` is how large the file is going to be, where that is known. Room is then set aside, so that a full
    /// disk shows before any work is done; file systems that cannot do so are left alone.
    public init(path: String, reserving byteCount: Int = 0) throws(FileOutputError) {
        // The system would take what comes before the zero byte for the path.
        guard !path.utf8.contains(0) else { throw FileOutputError(.opening, code: EINVAL) }
        target = try followingLinks(path)
        closes = true
        var status = stat()
        let exists = stat(target, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            descriptor = open(target, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileOutputError(.opening, code: errno) }
            return
        }
        // A rename would take no notice of the file's own permissions.
        if exists, access(target, W_OK) != 0 { throw FileOutputError(.writing, code: errno) }
        let name = "\(target).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileOutputError(.opening, code: errno) }
        temporary = name
        if exists { fchmod(descriptor, status.st_mode & 0o7777) }
        if byteCount > 0 { try reserve(byteCount) }
    }

    /// Writes to an open file or stream, such as standard output, which stays open and is never replaced.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        closes = false
        target = ""
    }

    deinit {
        if closes { close(descriptor) }
        if let temporary { unlink(temporary) }
    }

    /// Whether bytes can be written at a place of their own; not so for a pipe or a terminal.
    public var isSeekable: Bool { lseek(descriptor, 0, SEEK_CUR) >= 0 }

    /// Writes the next bytes.
    public func write(_ bytes: RawSpan) throws(FileOutputError) {
        try writeAll(bytes) { rest, _ in systemWrite(descriptor, rest) }
    }

    /// Writes bytes at an offset from the file's start; where the next `write(_:)` goes stays as it is.
    ///
    /// - Precondition: The file is seekable.
    public func write(_ bytes: RawSpan, at offset: Int) throws(FileOutputError) {
        try writeAll(bytes) { rest, done in pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
    }

    /// Everything was written: the file takes its target's place.
    public func commit() throws(FileOutputError) {
        guard let temporary else { return }
        // The rename may reach the disk before the data does, and the old file would be lost in a power cut; some file
        // systems report a full disk only here. Those that know no fsync say EINVAL.
        guard dropReserve() == 0, fsync(descriptor) == 0 || errno == EINVAL, rename(temporary, target) == 0 else {
            throw FileOutputError(.writing, code: errno)
        }
        self.temporary = nil
    }

    /// Cuts off what was set aside and never written.
    private func dropReserve() -> Int32 {
        hasReserve ? ftruncate(descriptor, lseek(descriptor, 0, SEEK_CUR)) : 0
    }

    private func reserve(_ byteCount: Int) throws(FileOutputError) {
        #if os(Linux)
            let error = FileOutputError(.writing, code: posix_fallocate(descriptor, 0, off_t(byteCount)))
            if error.isDiskFull || error.code == EFBIG { throw error }
            hasReserve = true
        #endif
    }

    /// `call` writes bytes of which `done` went before, and returns what the system call does.
    private func writeAll(
        _ bytes: RawSpan, with call: (_ rest: UnsafeRawBufferPointer, _ done: Int) -> Int
    ) throws(FileOutputError) {
        let failure: Int32 = bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let written = call(UnsafeRawBufferPointer(rebasing: buffer[done...]), done)
                if written >= 0 {
                    done += written
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
        guard failure == 0 else { throw FileOutputError(.writing, code: failure) }
    }
}

/// `write(2)`, which the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

/// What a path leads to if its last part is a symbolic link, whether anything is there or not.
private func followingLinks(_ path: String) throws(FileOutputError) -> String {
    let mostLinks = 40
    var path = path
    for _ in 0..<mostLinks {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count > 0 else { throw FileOutputError(.opening, code: errno) }
        let next = String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        path = next.hasPrefix("/") ? next : folder + next
    }
    throw FileOutputError(.opening, code: ELOOP)
}
