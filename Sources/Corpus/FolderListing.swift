import Foundation

/// What is in a folder, by name.
struct FolderListing {
    struct Entry {
        enum Kind {
            /// Also a link to nothing.
            case file
            case folder
            /// Something that no recording can be in, such as a socket.
            case other
        }

        /// Bytes that are not UTF-8 are replaced.
        let name: String
        let hasReadableName: Bool
        let kind: Kind
    }

    /// A folder, under whatever name.
    struct Identity: Hashable {
        let device: UInt64
        let node: UInt64
    }

    let identity: Identity
    /// In the order of the names' bytes, without the folder itself and the one above it.
    let entries: [Entry]

    init(_ path: String) throws(SystemFailure) {
        guard let stream = opendir(path) else { throw SystemFailure(code: errno) }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(dirfd(stream), &status) == 0 else { throw SystemFailure(code: errno) }
        identity = Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let record = readdir(stream) else { break }
            let (bytes, type) = Self.contents(of: record)
            let name = String(decoding: bytes, as: UTF8.self)
            if name == "." || name == ".." { continue }
            entries.append(
                Entry(
                    name: name, hasReadableName: name.utf8.elementsEqual(bytes),
                    kind: Self.kind(type, of: name, in: path)))
        }
        if errno != 0 { throw SystemFailure(code: errno) }
        self.entries = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The bytes of the name, and the type if the file system knows it.
    ///
    /// Only the bytes up to the name's end may be touched: the record is shorter than its declaration.
    private static func contents(of record: UnsafeMutablePointer<dirent>) -> (name: [UInt8], type: Int) {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let name = (UnsafeRawPointer(record) + offset).assumingMemoryBound(to: UInt8.self)
        return (Array(UnsafeBufferPointer(start: name, count: strlen(name))), Int(record.pointee.d_type))
    }

    private static func kind(_ type: Int, of name: String, in folder: String) -> Entry.Kind {
        switch type {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK), Int(DT_UNKNOWN): break
        default: return .other
        }
        var status = stat()
        guard stat(FilePath.joined(folder, name), &status) == 0 else { return .file }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }
}
