import AudioInput
import Foundation
import TestSupport

@testable import Corpus

extension RecordingList {
    /// The recordings, without the failures.
    var recordings: [Recording] { compactMap { try? $0.get() } }

    /// The failures, without the recordings.
    var failures: [RowFailure] {
        compactMap { element in
            guard case .failure(let failure) = element else { return nil }
            return failure
        }
    }

    /// Why they failed, in words.
    var reasons: [String] { failures.map { "\($0.reason)" } }

    /// Each element in one line: the name and segment of a recording, the description of a failure after an exclamation
    /// mark.
    var lines: [String] {
        map { element in
            switch element {
            case .success(let recording):
                guard let segment = recording.segment else { return recording.name }
                return "\(recording.name) \(segment.start)-\(segment.end.map { "\($0)" } ?? "")"
            case .failure(let failure): return "! \(failure)"
            }
        }
    }
}

extension TemporaryFolder {
    /// Writes a text, makes the folders that it is in, and returns its path.
    @discardableResult
    func write(text: String, to name: String) throws -> String {
        let folder = (file(name) as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try write(text.utf8, to: name)
    }

    /// Makes empty files, with the folders that they are in.
    func make(_ names: [String]) throws {
        for name in names { try write(text: "", to: name) }
    }

    /// What comes after the folder's own path.
    func relative(_ paths: [String]) -> [String] {
        paths.map { $0.hasPrefix(path + "/") ? String($0.dropFirst(path.count + 1)) : $0 }
    }
}
