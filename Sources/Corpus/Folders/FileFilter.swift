import Files

/// What is taken from a folder.
enum FileFilter {
    /// Files that are called as audio files are, and are not hidden.
    case audio
    case glob(Glob, patterns: [String])

    /// Without a pattern, audio files.
    init(globs: [String]) { self = globs.isEmpty ? .audio : .glob(Glob(globs), patterns: globs) }

    private static let audioExtensions: Set<String> = [
        "aac", "aif", "aifc", "aiff", "au", "caf", "flac", "mp3", "npy", "oga", "ogg", "opus", "snd", "wav", "w64",
    ]

    func takes(_ name: String) -> Bool {
        switch self {
        case .audio:
            guard !name.hasPrefix("."), let dot = name.utf8.lastIndex(of: ASCII.point) else { return false }
            return Self.audioExtensions.contains(name[dot...].dropFirst().lowercased())
        case .glob(let glob, _): return glob.matches(name)
        }
    }

    /// What it takes, as a message calls it.
    var wanted: String {
        switch self {
        case .audio: "audio file"
        case .glob(_, let patterns): "file that matches \(patterns.map { printable($0) }.joined(separator: " or "))"
        }
    }
}
