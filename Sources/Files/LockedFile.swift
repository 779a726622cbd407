import Foundation

/// A small file that one process at a time holds, from opening it until the process closes it or ends.
package final class LockedFile {
    private let descriptor: Descriptor
    package private(set) var path: String

    /// Opens a file for reading and writing. With `isNew`, it is made if it is missing, and emptied if it exists.
    ///
    /// - Returns: Nil if the file is missing and isn't to be made.
    /// - Throws: An error whose `isInUse` is true if another process holds the file.
    package static func open(path: String, isNew: Bool = false) throws(FileError) -> LockedFile? {
        while true {
            let file: LockedFile
            do throws(FileError) {
                file = LockedFile(try Descriptor(opening: path, O_RDWR | (isNew ? O_CREAT : 0)), path)
            } catch {
                if error.code == ENOENT, !isNew { return nil }
                throw error
            }
            if flock(file.descriptor.number, LOCK_EX | LOCK_NB) != 0 {
                if errno == EINTR { continue }
                // Any other failure is that of a file system without locks; the caller then has to see to it that it is
                // alone.
                if errno == EWOULDBLOCK { throw FileError(.opening) }
            }
            // The process that held it may have removed or renamed it between the two calls.
            guard file.isAtItsPath() else { continue }
            if isNew { try file.descriptor.truncate(to: 0) }
            return file
        }
    }

    private init(_ descriptor: Descriptor, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // A child process that is being started has the descriptor too, until it runs a program of its own.
        flock(descriptor.number, LOCK_UN)
    }

    /// All of the file's bytes.
    package func read() throws(FileError) -> [UInt8] { try descriptor.read(at: 0, count: descriptor.end()) }

    package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) { try descriptor.write(bytes, at: offset) }

    /// Moves the file, whole and on the disk, to a path, replacing an existing file. It stays locked.
    package func move(to path: String) throws(FileError) {
        try descriptor.synchronize()
        guard rename(self.path, path) == 0 else { throw FileError(.writing) }
        self.path = path
    }

    package func remove() throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.writing) }
    }

    private func isAtItsPath() -> Bool {
        guard let mine = try? descriptor.status() else { return false }
        var there = stat()
        return stat(path, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
    }
}
