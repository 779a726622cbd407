import AudioInput
import Files

/// No file is where a recording was looked for: where that was, and what its name seems to be instead of one.
package struct RecordingNotFound: Error, Hashable, CustomStringConvertible {
    package enum Suspicion: Sendable, Hashable {
        /// `https://…`, `s3://…`
        case address
        /// A blank at the name's beginning or end.
        case blanks
        /// `~/…`
        case home
        /// `C:\…`
        case backslashes
    }

    /// Empty for the working folder, and for an absolute name.
    package let folder: String
    package let suspicion: Suspicion?

    /// Nil for another error, and if there is nothing to say but that.
    init?(_ reason: any Error, _ recording: Recording) {
        guard reason as? AudioError.Reason == .notFound else { return nil }
        let name = recording.name
        folder = recording.path == name ? "" : String(recording.path.dropLast(name.count))
        let isBlank = { (character: Character?) in character.map(\.isWhitespace) == true }
        suspicion =
            if Self.isAddress(name) {
                .address
            } else if isBlank(name.first) || isBlank(name.last) {
                .blanks
            } else if name.hasPrefix("~") {
                .home
            } else if name.contains("\\") {
                .backslashes
            } else {
                nil
            }
        if folder.isEmpty, suspicion == nil { return nil }
    }

    /// Whether a name begins with a scheme (RFC 3986, 3.1) and two slashes.
    private static func isAddress(_ name: String) -> Bool {
        guard let scheme = name.firstRange(of: "://").map({ name[..<$0.lowerBound] }) else { return false }
        return scheme.first?.isLetter == true
            && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
    }

    package var description: String {
        let place =
            folder.isEmpty
            ? "" : " in \(printable(folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder))"
        return switch suspicion {
        case .address: "an address; addresses are not read, download it first"
        case .blanks: "no such file\(place); its name begins or ends with a blank"
        case .home: "no such file\(place); ~ is replaced by a shell only, write the folder's full path"
        case .backslashes: "no such file\(place); folders are separated by /"
        case nil: "no such file\(place)"
        }
    }
}
