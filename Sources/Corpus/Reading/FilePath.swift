/// Paths as text.
enum FilePath {
    /// The path of a file that is looked for in a folder, unless it is absolute. The empty folder is the working one.
    static func joined(_ folder: String, _ name: String) -> String {
        if folder.isEmpty || name.hasPrefix("/") { return name }
        return folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// The folder that a file is in; empty for the working folder.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        let folder = path[..<slash]
        return folder.isEmpty ? "/" : String(folder)
    }
}
