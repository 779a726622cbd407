import Foundation

/// The recordings that the arguments of a command name: files, folders, tables, or standard input.
enum InputList {
    /// An input that names no recording.
    struct Failure: Error, CustomStringConvertible {
        let input: String
        let reason: String

        var description: String { "\(input): \(reason)" }
    }

    /// What is taken from a folder.
    private static let audioExtensions: Set<String> = [
        "aac", "aif", "aifc", "aiff", "au", "caf", "flac", "mp3", "npy", "oga", "ogg", "opus", "snd", "wav", "w64",
    ]

    /// The recordings of each input in turn; an input that is not understood yields a failure in its place.
    static func recordings(_ inputs: [String]) -> [Result<Recording, Failure>] {
        inputs.flatMap { input -> [Result<Recording, Failure>] in
            do throws(Failure) {
                return try recordings(of: input).map { .success($0) }
            } catch {
                return [.failure(error)]
            }
        }
    }

    private static func recordings(of input: String) throws(Failure) -> [Recording] {
        var isDirectory: ObjCBool = false
        if input != "-", FileManager.default.fileExists(atPath: input, isDirectory: &isDirectory),
            isDirectory.boolValue
        {
            return try files(inFolder: input)
        }
        if input.lowercased().hasSuffix(".csv") { return try SegmentTable.recordings(in: input) }
        return [Recording(name: input, path: input, segment: nil)]
    }

    /// The audio files in a folder, not in those below it, by name.
    private static func files(inFolder folder: String) throws(Failure) -> [Recording] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Failure(input: folder, reason: "the folder can't be read")
        }
        let files = names.filter { name in
            !name.hasPrefix(".") && audioExtensions.contains((name as NSString).pathExtension.lowercased())
        }
        guard !files.isEmpty else { throw Failure(input: folder, reason: "there is no audio file in this folder") }
        return files.sorted().map { name in
            let path = (folder as NSString).appendingPathComponent(name)
            return Recording(name: path, path: path, segment: nil)
        }
    }
}
