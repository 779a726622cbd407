import Foundation

/// The program that reads what this one's own decoders don't.
package enum FFmpeg: Sendable, Hashable {
    /// At this path.
    case program(String)
    /// It was looked for, and is not there.
    case missing
    /// It is not to be used.
    case unused

    /// The one that a shell would find: the first executable of that name in the folders of PATH.
    package static func installed(
        searchPath: String? = ProcessInfo.processInfo.environment["PATH"]
    ) -> FFmpeg {
        for folder in (searchPath ?? "").split(separator: ":") where folder.hasPrefix("/") {
            let path = "\(folder)/ffmpeg"
            if isProgram(path) { return .program(path) }
        }
        return .missing
    }

    /// Whether there is a file that may be executed.
    package static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
