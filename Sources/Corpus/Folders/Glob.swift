import Foundation

/// Patterns for the names of files, as a shell has them: `*`, `?`, `[a-z]`.
///
/// A dot at the beginning of a name has to be in the pattern too, so that `*` finds no hidden file.
final class Glob {
    private let patterns: [String]
    /// What tells `fnmatch` that a character can have several bytes; nil where the system has no such locale.
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
