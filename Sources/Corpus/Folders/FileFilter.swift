import Foundation

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
            !name.hasPrefix(".") && Self.audioExtensions.contains((name as NSString).pathExtension.lowercased())
        case .glob(let glob, _): glob.matches(name)
        }
    }

    /// What it takes, as a message calls it.
    var wanted: String {
        switch self {
        case .audio: "audio file"
        case .glob(_, let patterns): "file that matches \(patterns.joined(separator: " or "))"
        }
    }
}
