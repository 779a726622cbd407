import Foundation

/// A file that takes its target's place when it is whole, and leaves no trace if it never is.
///
/// It is written beside the target and renamed over it by `commit()`. A program that has the older file open or mapped
/// keeps it. A target that is not a regular file (a device, a pipe) can't be replaced, and is written directly.
package final class OutputFile {
    private let descriptor: Descriptor
    /// Where the file appears; a symbolic link stays one, and this is what it leads to.
    private let target: String
    /// Nil once it has been renamed, and if the target is written directly.
    private var temporary: String?
    /// Whether the file may be longer than what was written.
    private var hasReserve = false

    /// Opens a file beside the target.
    ///
    /// `byteCount` is how large the file is going to be, if that is known. Room is then set aside, so that a full disk
    /// shows before any work is done; file systems that can't do so are left alone.
    ///
    /// `temporary` is the path of the file beside the target. Without one it gets a name of its own, so that any number
    /// of writers can work at once. A caller that is the only one can give the same name each time, and what a killed
    /// process left there is overwritten.
    package init(path: String, reserving byteCount: Int = 0, temporary: String? = nil) throws(FileError) {
        guard case .file(let file) = try OutputTarget(path) else {
            target = path
            descriptor = try Descriptor(opening: path, O_WRONLY)
            return
        }
        target = file
        var status = stat()
        let exists = stat(target, &status) == 0
        // A rename would take no notice of the file's own permissions.
        if exists, access(target, W_OK) != 0 { throw FileError(.writing) }
        let name = temporary ?? "\(target).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        descriptor = try Descriptor(
            opening: name, O_WRONLY | O_CREAT | (temporary == nil ? O_EXCL : O_TRUNC))
        self.temporary = name
        if exists { fchmod(descriptor.number, status.st_mode & 0o7777) }
        if byteCount > 0 { try reserve(byteCount) }
    }

    /// Writes to an open file or stream, such as standard output, which stays open and is never replaced.
    package init(descriptor: Int32) {
        self.descriptor = Descriptor(borrowing: descriptor)
        target = ""
    }

    deinit {
        if let temporary { unlink(temporary) }
    }

    /// Whether bytes can be written at a given offset: false for a pipe or a terminal.
    package var isSeekable: Bool { lseek(descriptor.number, 0, SEEK_CUR) >= 0 }

    /// Writes the next bytes.
    package func write(_ bytes: RawSpan) throws(FileError) { try descriptor.write(bytes) }

    /// Writes bytes at an offset from the file's start; the next `write(_:)` continues where the last one ended.
    ///
    /// - Precondition: The file is seekable.
    package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) { try descriptor.write(bytes, at: offset) }

    /// Everything was written: the file takes its target's place.
    package func commit() throws(FileError) {
        guard let temporary else { return }
        if hasReserve { try descriptor.truncate(to: Int(lseek(descriptor.number, 0, SEEK_CUR))) }
        // The rename may reach the disk before the data does, and the old file would be lost in a power cut.
        try descriptor.synchronize()
        guard rename(temporary, target) == 0 else { throw FileError(.writing) }
        self.temporary = nil
    }

    private func reserve(_ byteCount: Int) throws(FileError) {
        #if os(Linux)
            let error = FileError(.writing, code: posix_fallocate(descriptor.number, 0, off_t(byteCount)))
            if error.isDiskFull || error.code == EFBIG { throw error }
            hasReserve = true
        #endif
    }
}

/// What a path that is to be written to stands for.
package enum OutputTarget: Sendable, Hashable {
    /// A regular file, there or to be made. A symbolic link stays one, and `path` is what it leads to.
    case file(path: String)
    /// A device, a pipe or the like (or a folder, which can't be opened), that is written directly.
    case stream

    package init(_ path: String) throws(FileError) {
        // The system would take what precedes the zero byte for the path.
        guard !path.utf8.contains(0) else { throw FileError(.opening, code: EINVAL) }
        var status = stat()
        // Before links are followed: that of /dev/stdout leads to no path if standard output is a pipe.
        let isStream = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        self = isStream ? .stream : .file(path: try followingLinks(path))
    }
}

/// What a path leads to if its last part is a symbolic link, whether anything exists there or not.
private func followingLinks(_ path: String) throws(FileError) -> String {
    let mostLinks = 40
    var path = path
    for _ in 0..<mostLinks {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count > 0 else { throw FileError(.opening) }
        let next = String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        path = next.hasPrefix("/") ? next : folder + next
    }
    throw FileError(.opening, code: ELOOP)
}

/// A folder that files are written into.
package enum OutputFolder {
    /// Makes a folder and those that it lies in, as far as they are missing.
    package static func make(at path: String) throws(FileError) {
        guard mkdir(path, 0o777) != 0 else { return }
        if errno == ENOENT, let parent = parentFolder(of: path) {
            try make(at: parent)
            if mkdir(path, 0o777) == 0 { return }
        }
        guard errno == EEXIST else { throw FileError(.writing) }
    }

    /// Nil for the root, and for a name without a folder.
    private static func parentFolder(of path: String) -> String? {
        let name = path.reversed().drop { $0 == "/" }.prefix { $0 != "/" }
        let parent = String(path[..<name.endIndex.base])
        return name.isEmpty || parent.isEmpty ? nil : parent
    }
}
