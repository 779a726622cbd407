#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A read-only memory map of a regular file.
///
/// The only place in this module that holds pointers. Every access checks its range against the size the file had
/// when it was mapped. A file that another program cuts short while it is mapped ends this program (`SIGBUS`), as
/// with any memory map.
public final class MappedFile: Sendable {
    /// The path the file was opened by.
    public let path: String
    /// In bytes; 1 or more.
    public let size: Int
    /// Points to `size` bytes that are never written and stay mapped until `deinit`, so any thread may read them.
    nonisolated(unsafe) private let base: UnsafeRawPointer

    /// Maps a file. Throws where it can't be opened, is empty, or is not a regular file.
    public init(path: String) throws(ONNXError) {
        // Opening a pipe would wait for a writer, so look before, and again at what was really opened.
        var status = stat()
        guard !path.utf8.contains(0) else { throw ONNXError(.cannotOpen(reason: "the path holds a zero byte")) }
        guard stat(path, &status) == 0 else { throw ONNXError(.cannotOpen(reason: lastSystemError())) }
        try Self.requireRegularFile(status)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ONNXError(.cannotOpen(reason: lastSystemError())) }
        defer { close(descriptor) }
        guard fstat(descriptor, &status) == 0 else { throw ONNXError(.cannotOpen(reason: lastSystemError())) }
        try Self.requireRegularFile(status)
        guard status.st_size > 0 else { throw ONNXError(.emptyFile) }
        let size = Int(status.st_size)
        guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
            throw ONNXError(.cannotOpen(reason: lastSystemError()))
        }
        self.path = path
        self.size = size
        self.base = UnsafeRawPointer(map)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: base), size)
    }

    private static func requireRegularFile(_ status: stat) throws(ONNXError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw ONNXError(.notAFile(kind: "a folder"))
        case S_IFIFO: throw ONNXError(.notAFile(kind: "a pipe"))
        default: throw ONNXError(.notAFile(kind: "a device or a socket"))
        }
    }

    // MARK: Checked reads

    func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < size, "a read past the mapped file")
        return base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The little-endian integer at any alignment.
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type = Value.self) -> Value
    {
        precondition(offset >= 0 && offset <= size - MemoryLayout<Value>.size, "a read past the mapped file")
        return Value(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The text in a range; nil where it isn't UTF-8.
    func string(in range: Range<Int>) -> String? {
        String(validating: bytes(in: range), as: UTF8.self)
    }

    /// A copy of the elements in a range, at any alignment.
    func elements<Element: BitwiseCopyable>(in range: Range<Int>, as type: Element.Type) -> [Element] {
        Array(copying: bytes(in: range))
    }

    /// How many of the bytes in a range have their highest bit clear: the number of varints that end there.
    func countOfVarintEnds(in range: Range<Int>) -> Int {
        var count = 0
        for byte in bytes(in: range) where byte < 0x80 { count += 1 }
        return count
    }

    private func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a read past the mapped file")
        return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    // MARK: Advice to the kernel

    /// Lets the memory of the pages that lie wholly in a range go. Later reads bring them back from the file.
    func releasePages(in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a range past the mapped file")
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = (range.lowerBound + page - 1) / page * page
        let last = range.upperBound == size ? size : range.upperBound / page * page
        guard first < last else { return }
        _ = madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
    }

    /// Asks for the whole file to be read ahead.
    func prefetch() {
        _ = madvise(UnsafeMutableRawPointer(mutating: base), size, MADV_WILLNEED)
    }

    // MARK: Paths

    /// The absolute path with every symbolic link resolved; nil where nothing is there.
    static func canonicalPath(_ path: String) -> String? {
        guard !path.utf8.contains(0), let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

private func lastSystemError() -> String {
    String(cString: strerror(errno))
}

extension Array where Element: BitwiseCopyable {
    /// The elements that little-endian bytes at any alignment hold. Bytes left over at the end are not read.
    init(copying bytes: UnsafeRawBufferPointer) {
        let count = bytes.count / MemoryLayout<Element>.stride
        self.init(unsafeUninitializedCapacity: count) { elements, initialized in
            let used = UnsafeRawBufferPointer(rebasing: bytes.prefix(count * MemoryLayout<Element>.stride))
            UnsafeMutableRawBufferPointer(elements).copyMemory(from: used)
            initialized = count
        }
    }
}

#if _endian(big)
    #error("Tensor elements are copied as they are in the file: little-endian.")
#endif
