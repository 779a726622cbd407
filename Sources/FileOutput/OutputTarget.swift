#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a path that is to be written to stands for.
public enum OutputTarget: Sendable, Hashable {
    /// A regular file, there or to be made. A symbolic link stays one, and `path` is what it leads to.
    case file(path: String)
    /// A device, a pipe or the like (or a folder, which cannot be opened), that is written directly.
    case stream

    public init(_ path: String) throws(FileOutputError) {
        // The system would take what comes before the zero byte for the path.
        guard !path.utf8.contains(0) else { throw FileOutputError(.opening, code: EINVAL) }
        var status = stat()
        // Before links are followed: that of /dev/stdout leads to no path where standard output is a pipe.
        let isStream = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        self = isStream ? .stream : .file(path: try followingLinks(path))
    }
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
