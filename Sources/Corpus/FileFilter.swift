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

    /// What this program's own decoders read.
    private static let audioExtensions: Set<String> = [
        "8svx", "aif", "aifc", "aiff", "au", "avr", "bwf", "caf", "fap", "flac", "htk", "iff", "ircam", "mp1", "mp2",
        "mp3", "mpga", "nist", "npy", "oga", "ogg", "opus", "paf", "pvf", "rf64", "sd2", "sds", "sf", "snd", "sph",
        "svx", "voc", "w64", "wav", "wave", "xi",
    ]

    /// Audio, and video with audio, that ffmpeg reads, and samples without a header. A folder's files of these kinds
    /// belong to it all the same: one that can't be read is an error, and none is passed over.
    private static let otherExtensions: Set<String> = [
        "3g2", "3gp", "3gpp", "aa3", "aac", "aax", "ac3", "adts", "alac", "amr", "ape", "asf", "avi", "awb", "dff",
        "dsf", "dts", "eac3", "f4a", "flv", "gsm", "m2ts", "m4a", "m4b", "m4r", "m4v", "mka", "mkv", "mov", "mp4",
        "mpc", "mpeg", "mpg", "mts", "ogm", "ogv", "ogx", "oma", "pcm", "qcp", "ra", "ram", "raw", "rm", "shn",
        "spx", "tak", "tta", "vob", "vox", "weba", "webm", "wma", "wmv", "wv",
    ]

    init(globs: [String]) { patterns = globs }

    deinit {
        if let locale { freelocale(locale) }
    }

    func takes(_ name: String) -> Bool {
        if patterns.isEmpty {
            guard !name.hasPrefix("."), let dot = name.utf8.lastIndex(of: ASCII.point) else { return false }
            let ending = name[dot...].dropFirst().lowercased()
            return Self.audioExtensions.contains(ending) || Self.otherExtensions.contains(ending)
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
