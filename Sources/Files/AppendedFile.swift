import Foundation

/// A file that grows by whole pieces, and can be cut back to where a piece ended.
package final class AppendedFile {
    /// For reading; it stays open while either object is alive.
    package let descriptor: Descriptor
    /// Where the next piece goes.
    package private(set) var byteCount: Int

    /// Opens a file, made if it is missing, to append to what it holds.
    package init(path: String) throws(FileError) {
        descriptor = try Descriptor(opening: path, O_RDWR | O_CREAT)
        byteCount = try descriptor.end()
    }

    /// An empty file without a name in a folder; it vanishes with this object.
    package init(unnamedIn folder: String) throws(FileError) {
        descriptor = try Descriptor(unnamedIn: folder)
        byteCount = 0
    }

    /// Appends a piece. If not all of it can be written, as on a full disk, nothing of it stays.
    package func append(_ bytes: RawSpan) throws(FileError) {
        do throws(FileError) {
            try descriptor.write(bytes, at: byteCount)
        } catch {
            try? descriptor.truncate(to: byteCount)
            throw error
        }
        byteCount += bytes.byteCount
    }

    /// Cuts off what comes after this many bytes, of which there must be at least as many.
    package func cut(to byteCount: Int) throws(FileError) {
        precondition((0...self.byteCount).contains(byteCount), "a file can only be cut to fewer bytes")
        try descriptor.truncate(to: byteCount)
        self.byteCount = byteCount
    }

    /// The bytes from an offset on; fewer than `count` if the file ends before.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try descriptor.read(at: offset, count: max(0, min(count, byteCount - offset)))
    }

    /// Waits until everything is on the disk. Some file systems report a full disk only here.
    package func synchronize() throws(FileError) { try descriptor.synchronize() }
}
