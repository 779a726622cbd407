#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder that files are written into.
public enum OutputFolder {
    /// Makes a folder and those that it lies in, where they are missing.
    public static func make(at path: String) throws(FileOutputError) {
        guard mkdir(path, 0o777) != 0 else { return }
        if errno == ENOENT, let parent = parentFolder(of: path) {
            try make(at: parent)
            if mkdir(path, 0o777) == 0 { return }
        }
        guard errno == EEXIST else { throw FileOutputError(.writing, code: errno) }
    }

    /// Nil for the root, and for a name without a folder.
    private static func parentFolder(of path: String) -> String? {
        let name = path.reversed().drop { $0 == "/" }.prefix { $0 != "/" }
        let parent = String(path[..<name.endIndex.base])
        return name.isEmpty || parent.isEmpty ? nil : parent
    }
}
