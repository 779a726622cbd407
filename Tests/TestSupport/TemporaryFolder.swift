import Foundation

/// A folder of its own for a test; it goes, with all that is in it, when the test lets go of it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "emotion-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder, whether it exists or not.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into the folder, in place of an older one of that name (what has the older one mapped keeps it),
    /// and returns its path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let path = file(name)
        try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        return path
    }

    /// The names of the files in the folder, sorted.
    package func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
