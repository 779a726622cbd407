import Files
import Foundation

/// What is taken from a folder.
enum FileFilter {
    /// Files with an audio extension that are not hidden.
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

    /// What it takes, for messages.
    var wanted: String {
        switch self {
        case .audio: "audio file"
        case .glob(_, let patterns): "file that matches \(patterns.map { printable($0) }.joined(separator: " or "))"
        }
    }
}

/// Patterns for the names of files, as a shell has them: `*`, `?`, `[a-z]`.
///
/// A dot at the beginning of a name has to be in the pattern too, so that `*` finds no hidden file.
final class Glob {
    private let patterns: [String]
    /// Lets `fnmatch` know that a character can have several bytes; nil if the system has no such locale.
    private let locale: locale_t?

    init(_ patterns: [String]) {
        self.patterns = patterns
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    }

    deinit {
        if let locale { freelocale(locale) }
    }

    /// Whether one of the patterns matches the whole name.
    func matches(_ name: String) -> Bool {
        let previous = locale.flatMap { uselocale($0) }
        defer { if let previous { uselocale(previous) } }
        return patterns.contains { fnmatch($0, name, FNM_PERIOD) == 0 }
    }
}
