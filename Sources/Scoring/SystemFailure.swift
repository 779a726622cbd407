import AudioInput
import Corpus
import Files
import Synchronization

/// The system failed, and not the recording that was to be scored: a run ends with it, and the recording isn't done.
package struct SystemFailure: Error, CustomStringConvertible {
    /// The recording, as it was given.
    package let file: String
    package let reason: any Error

    /// Nil if it is the recording's own failure.
    package init?(_ failure: RowFailure) {
        let isSystems = (failure.reason as? AudioError.Reason)?.isSystemFailure ?? false
        guard isSystems || failure.reason is VanishedFolder else { return nil }
        file = failure.file
        reason = failure.reason
    }

    package var description: String {
        "\(file == "-" ? "standard input" : printable(file)): \(reason); that is no fault of the recording, and the run "
            + "ends here"
    }
}

/// A recording that ended the program more than once, and isn't tried again.
package struct FatalRecording: Error, Hashable, CustomStringConvertible {
    /// How often.
    package let deaths: Int
    /// Whether it was scored as a whole, and not in windows.
    package let isWhole: Bool

    package init(deaths: Int, isWhole: Bool) {
        self.deaths = deaths
        self.isWhole = isWhole
    }

    package var description: String {
        let times = deaths == 2 ? "twice" : deaths == 3 ? "three times" : "\(deaths) times"
        return "the program was ended \(times) while it scored this recording"
    }
}

/// A folder from which recordings were read is not there any more.
package struct VanishedFolder: Error, Hashable, CustomStringConvertible {
    package let path: String

    package var description: String {
        "no such file; the folder \(quoted(path)), from which others were read, is gone or another one now"
    }
}

/// The folders from which recordings were read, as they were then: one whose file system was unmounted, or that was moved
/// away, is told from one that lacks a file.
final class SeenFolders: Sendable {
    private let identities = Mutex<[String: FileIdentity]>([:])

    /// Of folders, after which they are forgotten and noted again.
    private static let most = 10_000

    /// Notes the folder of a file that was opened, and those that it lies in, as far as its path names them.
    func note(folderOf path: String) {
        guard path != "-" else { return }
        identities.withLock { identities in
            if identities.count > Self.most { identities.removeAll() }
            for folder in Self.folders(of: path) {
                if identities[folder] != nil { return }
                identities[folder] = FileIdentity(path: folder)
            }
        }
    }

    /// The innermost folder of a file that is not as it was noted; nil if there is none.
    func vanished(above path: String) -> String? {
        identities.withLock { identities in
            Self.folders(of: path).first { folder in
                identities[folder].map { $0 != FileIdentity(path: folder) } ?? false
            }
        }
    }

    /// The innermost first, as the path names them: `a/b` and `a` for `a/b/c.wav`; the root and the working folder are
    /// left out.
    private static func folders(of path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
            rest = rest[..<slash]
            folders.append(String(rest))
        }
        return folders
    }
}
