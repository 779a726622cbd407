import AudioInput
import Foundation

extension RecordingList {
    /// The recordings of each input in turn, and those of a list after them. What is not understood is a failure in its
    /// place.
    ///
    /// - Parameters:
    ///   - inputs: audio files, folders, `.csv` tables, or `-` for standard input. A relative table is looked for in the
    ///     working folder and then in the root; all other inputs are looked for in the root alone.
    ///   - filesFrom: a text file that lists one audio file per line; `-` is standard input.
    ///   - options: without a root, a table's files are relative to the table's folder, and all others to the working
    ///     folder.
    package init(inputs: [String], filesFrom: String? = nil, options: InputOptions = InputOptions()) {
        var collector = RecordingCollector(shard: options.shard)
        let root = options.root ?? ""
        let filter = FileFilter(globs: options.globs)
        var isInputTaken = filesFrom == "-"
        for input in inputs {
            let path = FilePath.joined(root, input)
            if input.isEmpty {
                collector.add(RowFailure(file: "''", reason: InputError.emptyName))
            } else if input == "-" {
                if isInputTaken {
                    collector.add(RowFailure(file: "standard input", reason: InputError.standardInputTwice))
                } else {
                    collector.add(input, in: "")
                }
                isInputTaken = true
            } else if Self.isFolder(path) {
                var walk = FolderWalk(filter: filter, isRecursive: options.isRecursive, root: root)
                walk.collect(input, into: &collector)
            } else if input.lowercased().hasSuffix(".csv") {
                let place = FileManager.default.fileExists(atPath: input) ? input : path
                let table = SegmentTable(name: input, folder: options.root ?? FilePath.folder(of: place))
                table.collect(from: place, into: &collector)
            } else {
                collector.add(input, in: root)
            }
        }
        if let filesFrom { FileList(path: filesFrom, folder: root).collect(into: &collector) }
        self = collector.list
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}

/// Fills a list with a shard of the recordings that it is given.
struct RecordingCollector {
    private(set) var list = RecordingList()
    /// How many there were, of all shards.
    private(set) var count = 0
    private let shard: Shard?

    init(shard: Shard?) { self.shard = shard }

    mutating func add(_ name: String, _ segment: Segment? = nil, in folder: String) {
        if isNextTaken() { list.append(name, segment, in: folder) }
    }

    mutating func add(_ failure: RowFailure) {
        if isNextTaken() { list.append(failure) }
    }

    private mutating func isNextTaken() -> Bool {
        defer { count += 1 }
        return shard?.takes(count) ?? true
    }
}
