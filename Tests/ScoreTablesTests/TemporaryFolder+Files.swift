import Foundation
import TestSupport

extension TemporaryFolder {
    /// Every file's bytes by its name.
    func files() throws -> [String: [UInt8]] {
        try Dictionary(uniqueKeysWithValues: contents().map { ($0, try bytes($0)) })
    }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// Adds bytes to a file in place, made if it is missing.
    func append(_ bytes: some Sequence<UInt8>, to name: String) throws {
        if !has(name) { try write([], to: name) }
        let handle = try FileHandle(forUpdating: URL(filePath: file(name)))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    /// Cuts a file in place.
    func cut(_ name: String, to count: Int) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: file(name)))
        try handle.truncate(atOffset: UInt64(count))
        try handle.close()
    }
}
