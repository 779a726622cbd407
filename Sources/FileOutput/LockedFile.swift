#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A small file that one process at a time holds, from opening it until the process lets go of it or ends.
public final class LockedFile {
    private let descriptor: Int32
    public private(set) var path: String

    /// Opens a file to read and write; an empty one is made where it is missing, if `isNew` says so, and one that is
    /// there is emptied.
    ///
    /// - Returns: `nil` where the file is missing and isn't to be made.
    /// - Throws: An error whose `isInUse` is true if another process holds the file.
    public static func open(path: String, isNew: Bool = false) throws(FileOutputError) -> LockedFile? {
        guard !path.utf8.contains(0) else { throw FileOutputError(.opening, code: EINVAL) }
        while true {
            let flags = O_RDWR | O_CLOEXEC | (isNew ? O_CREAT : 0)
            let descriptor = systemOpen(path, flags)
            guard descriptor >= 0 else {
                if errno == ENOENT, !isNew { return nil }
                throw FileOutputError(.opening, code: errno)
            }
            let file = LockedFile(descriptor, path)
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0, !Self.knowsNoLocks.contains(errno) {
                throw FileOutputError(.opening, code: errno)
            }
            // The one that held it may have removed or renamed it between the two calls.
            guard file.isAtItsPath() else { continue }
            if isNew, ftruncate(descriptor, 0) != 0 { throw FileOutputError(.writing, code: errno) }
            return file
        }
    }

    /// What file systems say that have no locks; without one it is for the caller to see that it is alone.
    private static let knowsNoLocks: Set<Int32> = [ENOLCK, ENOSYS, EOPNOTSUPP]

    private init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // A child that is just being started has the descriptor too, until it runs a program of its own.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// All of the file's bytes.
    public func read() throws(FileOutputError) -> [UInt8] {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw FileOutputError(.reading, code: errno) }
        return try readAll(descriptor, at: 0, count: Int(end))
    }

    public func write(_ bytes: RawSpan, at offset: Int) throws(FileOutputError) {
        try writeAll(bytes) { rest, done in pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
    }

    /// Moves the file, whole and on the disk, over one that may be there. It stays held.
    public func move(to path: String) throws(FileOutputError) {
        guard fsync(descriptor) == 0 || errno == EINVAL, rename(self.path, path) == 0 else {
            throw FileOutputError(.writing, code: errno)
        }
        self.path = path
    }

    public func remove() throws(FileOutputError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileOutputError(.writing, code: errno) }
    }

    private func isAtItsPath() -> Bool {
        var (mine, there) = (stat(), stat())
        return fstat(descriptor, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino
            && mine.st_dev == there.st_dev
    }
}

/// `open(2)`, which the method of the same name hides.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o666) }
