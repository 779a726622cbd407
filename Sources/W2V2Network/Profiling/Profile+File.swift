import Foundation

extension Profile {
    private static let largestFile = 1 << 26

    /// Reads a profile that was written as JSON.
    ///
    /// - Throws: ``ProfileFileError``
    public init(contentsOf path: String) throws(ProfileFileError) {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .unreadable(path: path) }
        let data: Data
        do { data = try handle.read(upToCount: Self.largestFile) ?? Data() } catch { throw .unreadable(path: path) }
        guard data.count < Self.largestFile else { throw .foreign(path: path) }
        do {
            self = try JSONDecoder().decode(Profile.self, from: data)
        } catch ProfileFileError.newer(_, let version) {
            throw .newer(path: path, version: version)
        } catch {
            throw .foreign(path: path)
        }
    }

    /// The profile as one JSON object; docs/profiling.md has its keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

/// Why a file can't be read as a profile.
public enum ProfileFileError: Error, Hashable, CustomStringConvertible {
    /// The file can't be read.
    case unreadable(path: String)
    /// The file is not a profile.
    case foreign(path: String)
    /// The file is of a version that this program doesn't know.
    case newer(path: String?, version: Int)

    /// On one line, with the file.
    public var description: String {
        switch self {
        case .unreadable(let path): "\(path): can't be read; a file that emotion-cli profile --json wrote is needed"
        case .foreign(let path): "\(path): is not a profile; a file that emotion-cli profile --json wrote is needed"
        case .newer(let path, let version):
            "\(path ?? "profile"): is of version \(version), from a newer emotion-cli; this one reads up to version"
                + " \(Profile.version)"
        }
    }
}
