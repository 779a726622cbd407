#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A regular file that is mapped to be read.
///
/// The only place in this module that makes pointers into a file. Every access checks its range against the size that
/// the file had when it was mapped. A file that another program cuts short meanwhile ends this program (`SIGBUS`), as
/// with any memory map; one that is replaced, as by ``PackedModelWriter``, stays what it was.
final class FileMapping: Sendable {
    /// In bytes.
    let size: Int
    /// Points to `size` bytes, page-aligned, that are never written and stay mapped until `deinit`, so any thread may
    /// read them. Nil for an empty file.
    nonisolated(unsafe) private let base: UnsafeRawPointer?

    init(path: String) throws(PackedModelError) {
        // Opening a pipe would wait for a writer, so look before, and again at what was really opened.
        var status = stat()
        guard !path.utf8.contains(0) else { throw .cannotOpen(reason: "the path holds a zero byte") }
        guard stat(path, &status) == 0 else { throw .cannotOpen(reason: lastSystemError()) }
        try Self.requireRegularFile(status)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(reason: lastSystemError()) }
        defer { close(descriptor) }
        guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(reason: lastSystemError()) }
        try Self.requireRegularFile(status)
        size = Int(status.st_size)
        guard size > 0 else {
            base = nil
            return
        }
        guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
            throw .cannotOpen(reason: lastSystemError())
        }
        base = UnsafeRawPointer(map)
    }

    deinit {
        if let base { munmap(UnsafeMutableRawPointer(mutating: base), size) }
    }

    private static func requireRegularFile(_ status: stat) throws(PackedModelError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw .notAFile(kind: "a folder")
        case S_IFIFO: throw .notAFile(kind: "a pipe")
        default: throw .notAFile(kind: "a device or a socket")
        }
    }

    /// A copy of the bytes in a range.
    func copy(_ range: Range<Int>) -> [UInt8] { Array(bytes(in: range)) }

    func checksum(of range: Range<Int>) -> UInt64 {
        let bytes = bytes(in: range)
        return Checksum.of(bytes.bytes)
    }

    func isZero(_ range: Range<Int>) -> Bool { bytes(in: range).allSatisfy { $0 == 0 } }

    /// Points to the bytes in a range, at least one; valid while this is alive.
    func address(of range: Range<Int>) -> UnsafeRawPointer {
        guard let start = bytes(in: range).baseAddress else { preconditionFailure("a block without bytes") }
        return start
    }

    /// Takes the pages inside a range out of this process's memory; they come back, from the system's cache or from the
    /// file, when they are read again.
    func releasePages(in range: Range<Int>) {
        let bytes = bytes(in: range)
        let page = Int(getpagesize())
        let (first, end) = ((range.lowerBound + page - 1) / page * page, range.upperBound / page * page)
        guard let start = bytes.baseAddress, first < end else { return }
        // Advice: where it isn't taken, only memory is lost.
        madvise(UnsafeMutableRawPointer(mutating: start) + (first - range.lowerBound), end - first, MADV_DONTNEED)
    }

    private func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a read past the mapped file")
        return UnsafeRawBufferPointer(start: base.map { $0 + range.lowerBound }, count: range.count)
    }
}

private func lastSystemError() -> String { String(cString: strerror(errno)) }
