import Files
import Foundation

/// What is taken from a folder: files whose name matches one of the patterns or, without a pattern, files with an audio
/// extension that are not hidden.
///
/// Patterns are as a shell has them: `*`, `?`, `[a-z]`. A dot at the beginning of a name has to be in the pattern too, so
/// that `*` finds no hidden file.
final class FileFilter {
    private let patterns: [String]
    /// Lets `fnmatch` know that a character can have several bytes; nil if the system has no such locale.
    private let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

    private static let audioExtensions: Set<String> = [
        "aac", "aif", "aifc", "aiff", "au", "caf", "flac", "mp3", "npy", "oga", "ogg", "opus", "snd", "wav", "w64",
    ]

    init(globs: [String]) { patterns = globs }

    deinit {
        if let locale { freelocale(locale) }
    }

    func takes(_ name: String) -> Bool {
        if patterns.isEmpty {
            guard !name.hasPrefix("."), let dot = name.utf8.lastIndex(of: ASCII.point) else { return false }
            return Self.audioExtensions.contains(name[dot...].dropFirst().lowercased())
        }
        let previous = locale.flatMap { uselocale($0) }
        defer { if let previous { uselocale(previous) } }
        return patterns.contains { fnmatch($0, name, FNM_PERIOD) == 0 }
    }

    /// What it takes, for messages.
    var wanted: String {
        if patterns.isEmpty { return "audio file" }
        return "file that matches \(patterns.map { printable($0) }.joined(separator: " or "))"
    }
}
