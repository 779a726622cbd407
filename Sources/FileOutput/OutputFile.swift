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
    ///
    /// `temporary` is the name of the file beside the target, in full. Without one it is a name of its own, so that any
    /// number of writers can be at it. A caller that is the only one can give the same name each time, and what a
    /// killed process left there is overwritten.
    public init(path: String, reserving byteCount: Int = 0, temporary: String? = nil) throws(FileOutputError) {
        closes = true
        guard case .file(let file) = try OutputTarget(path) else {
            target = path
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileOutputError(.opening, code: errno) }
            return
        }
        target = file
        var status = stat()
        let exists = stat(target, &status) == 0
        // A rename would take no notice of the file's own permissions.
        if exists, access(target, W_OK) != 0 { throw FileOutputError(.writing, code: errno) }
        let name = temporary ?? "\(target).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        let ifThere = temporary == nil ? O_EXCL : O_TRUNC
        descriptor = open(name, O_WRONLY | O_CREAT | ifThere | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileOutputError(.opening, code: errno) }
        self.temporary = name
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
}

/// `write(2)`, which the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
