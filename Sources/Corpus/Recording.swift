import AudioInput

/// Something to score: a file, or a part of one.
package struct Recording: Sendable, Hashable {
    /// As rows name it: as it was given.
    package let name: String
    /// Where it is; `-` is standard input.
    package let path: String
    /// Seconds; nil for the whole file.
    package let segment: Segment?
    /// How it is read.
    package let decoding: AudioDecoding

    package init(name: String, path: String, segment: Segment? = nil, decoding: AudioDecoding = AudioDecoding()) {
        self.name = name
        self.path = path
        self.segment = segment
        self.decoding = decoding
    }

    /// A file that is looked for in `root`, or in the working folder without one, unless its path is absolute.
    package init(
        name: String, root: String?, segment: Segment? = nil, decoding: AudioDecoding = AudioDecoding()
    ) {
        self.init(name: name, path: FilePath.joined(root ?? "", name), segment: segment, decoding: decoding)
    }
}

/// Paths as text.
enum FilePath {
    /// The path of a file that is looked for in a folder, unless it is absolute. The empty folder is the working folder.
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
