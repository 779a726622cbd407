import AudioInput
import Files
import Foundation

extension RecordingList {
    /// The recordings of each input in turn, and those of a list after them. What is not understood is a failure in its
    /// place.
    ///
    /// - Parameters:
    ///   - inputs: audio files, folders, `.csv` and `.tsv` tables, or `-` for standard input. A relative table is looked
    ///     for in the working folder and then in the root; all other inputs are looked for in the root alone.
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
            } else if options.unreadableNames.contains(input) {
                collector.add(RowFailure(file: input, reason: InputError.nameNotUTF8))
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
            } else {
                let place = FileManager.default.fileExists(atPath: input) ? input : path
                if Self.isTable(input, at: place) {
                    let table = SegmentTable(
                        name: input, folder: options.root ?? FilePath.folder(of: place),
                        fileColumn: options.fileColumn)
                    table.collect(from: place, into: &collector)
                } else {
                    collector.add(input, in: root)
                }
            }
        }
        if let filesFrom { FileList(path: filesFrom, folder: root).collect(into: &collector) }
        self = collector.list
        decoding = options.decoding
    }

    /// Also a `.txt` file that holds text: no recording does.
    private static func isTable(_ name: String, at path: String) -> Bool {
        if SegmentTable.isNamed(name) { return true }
        guard name.lowercased().hasSuffix(".txt"), let file = try? RegularFile(path),
            let start = try? file.read(at: 0, count: FileKind.startLength)
        else { return false }
        return FileKind(start)?.use == .text
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
