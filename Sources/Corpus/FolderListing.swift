import Files
import Foundation

/// What is in a folder, by name.
struct FolderListing {
    struct Entry {
        /// Bytes that are not UTF-8 are replaced.
        let name: String
        let hasReadableName: Bool
        /// False also for a link to nothing.
        let isFolder: Bool
    }

    /// A folder, under whatever name.
    struct Identity: Hashable {
        let device: UInt64
        let node: UInt64
    }

    let identity: Identity
    /// In the order of the names' bytes, without the folder itself, the one above it, and what no recording can be
    /// in, such as a socket.
    let entries: [Entry]

    init(_ path: String) throws(SystemError) {
        guard let stream = opendir(path) else { throw .last }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(dirfd(stream), &status) == 0 else { throw .last }
        identity = Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let record = readdir(stream) else { break }
            let (bytes, type) = Self.contents(of: record)
            let name = String(decoding: bytes, as: UTF8.self)
            if name == "." || name == ".." { continue }
            guard let isFolder = Self.isFolder(name, type, in: path) else { continue }
            entries.append(Entry(name: name, hasReadableName: name.utf8.elementsEqual(bytes), isFolder: isFolder))
        }
        if errno != 0 { throw .last }
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

    /// Nil for something that no recording can be in.
    private static func isFolder(_ name: String, _ type: Int, in folder: String) -> Bool? {
        // As the system's DTTOIF does it.
        var mode = mode_t(type) << 12
        if type == Int(DT_LNK) || type == Int(DT_UNKNOWN) {
            var status = stat()
            guard stat(FilePath.joined(folder, name), &status) == 0 else { return false }
            mode = status.st_mode & S_IFMT
        }
        return mode == S_IFDIR ? true : mode == S_IFREG ? false : nil
    }
}
