import Foundation

/// A regular file, open for reading at any position, also from several threads at once.
package struct RegularFile: Sendable {
    /// When it was opened.
    package let byteCount: Int
    fileprivate let descriptor: Descriptor

    package init(_ path: String) throws(OpeningError) {
        guard !path.utf8.contains(0) else { throw .zeroByteInPath }
        // Opening a device may do something to it, so look before, and again at what was really opened.
        var status = stat()
        guard stat(path, &status) == 0 else { throw .failed(.last) }
        try Self.check(status)
        do throws(FileError) {
            // Without O_NONBLOCK, opening a pipe would wait for a writer.
            descriptor = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
            status = try descriptor.status()
        } catch {
            throw .failed(error.cause)
        }
        try Self.check(status)
        byteCount = Int(status.st_size)
    }

    private static func check(_ status: stat) throws(OpeningError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw .notRegular(kind: "a folder")
        case S_IFIFO: throw .notRegular(kind: "a pipe")
        default: throw .notRegular(kind: "a device or a socket")
        }
    }

    /// The bytes from an offset on; fewer than `count` if the file ends before.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try descriptor.read(at: offset, count: count)
    }
}

/// A read-only memory map of a regular file.
///
/// Every access checks its range against the size that the file had when it was mapped. A file that another program
/// cuts short while it is mapped ends this program (`SIGBUS`), as with any memory map; one that is replaced, as
/// ``OutputFile`` does it, stays what it was.
package final class MappedFile: Sendable {
    /// In bytes.
    package let size: Int
    /// Points to `size` bytes, page-aligned, that are never written and stay mapped until `deinit`, so any thread may
    /// read them. Nil for an empty file.
    @usableFromInline nonisolated(unsafe) let base: UnsafeRawPointer?

    package init(path: String) throws(OpeningError) {
        let file = try RegularFile(path)
        size = file.byteCount
        guard size > 0 else {
            base = nil
            return
        }
        let map = withExtendedLifetime(file) {
            mmap(nil, file.byteCount, PROT_READ, MAP_PRIVATE, file.descriptor.number, 0)
        }
        guard let map, map != MAP_FAILED else { throw .failed(.last) }
        base = UnsafeRawPointer(map)
    }

    deinit {
        if let base { munmap(UnsafeMutableRawPointer(mutating: base), size) }
    }

    // MARK: Checked reads

    /// Lends the bytes in a range to `body`. The pointer must not leave it.
    @inlinable
    package func withBytes<Result, Failure: Error>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a read past the mapped file")
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base.map { $0 + range.lowerBound }, count: range.count))
    }

    /// A copy of the bytes in a range.
    package func copy(_ range: Range<Int>) -> [UInt8] { withBytes(in: range) { Array($0) } }

    /// Points to the elements in a range, which holds at least one and begins at a multiple of their alignment. The
    /// pointer is valid while this object is alive.
    package func pointer<Element: BitwiseCopyable>(
        in range: Range<Int>, as type: Element.Type
    ) -> UnsafePointer<Element> {
        withBytes(in: range) { bytes in
            guard let start = bytes.baseAddress, bytes.count >= MemoryLayout<Element>.size else {
                preconditionFailure("a range without elements")
            }
            precondition(
                range.lowerBound.isMultiple(of: MemoryLayout<Element>.alignment), "elements that are not aligned")
            return start.bindMemory(to: Element.self, capacity: bytes.count / MemoryLayout<Element>.stride)
        }
    }

    // MARK: Advice to the system

    /// Takes the pages that lie wholly in a range out of this process's memory; they come back, from the system's cache
    /// or from the file, when they are next read.
    package func releasePages(in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "a range past the mapped file")
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = (range.lowerBound + page - 1) / page * page
        // The file's last page is whole, though the file may end within it.
        let end = range.upperBound == size ? size : range.upperBound / page * page
        guard let base, first < end else { return }
        // If the advice isn't taken, only memory is lost.
        _ = madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED)
    }

    /// Asks for the whole file to be read ahead.
    package func prefetch() {
        if let base { _ = madvise(UnsafeMutableRawPointer(mutating: base), size, MADV_WILLNEED) }
    }
}
