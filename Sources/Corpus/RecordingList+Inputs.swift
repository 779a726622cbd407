import Foundation

extension RecordingList {
    /// The recordings of each input in turn, and those of a list after them. What is not understood is a failure in its
    /// place.
    ///
    /// - Parameters:
    ///   - inputs: audio files, folders, `.csv` tables, or `-` for standard input. A relative table is looked for in the
    ///     working folder and then in the root, as all other inputs are looked for in the root alone.
    ///   - filesFrom: a text that names an audio file in each line; `-` is standard input.
    ///   - options: without a root, a table's files are relative to the table's folder, and all others to the working
    ///     folder.
    public init(inputs: [String], filesFrom: String? = nil, options: InputOptions = InputOptions()) {
        var collector = RecordingCollector(shard: options.shard)
        let root = options.root ?? ""
        let filter = FileFilter(globs: options.globs)
        var isInputTaken = filesFrom == "-"
        for input in inputs {
            let path = FilePath.joined(root, input)
            if input.isEmpty {
                collector.add(InputFailure(file: "''", reason: "an empty name; a file or folder is expected"))
            } else if input == "-" {
                if isInputTaken {
                    collector.add(InputFailure(file: "standard input", reason: "it can be read only once"))
                } else {
                    collector.add(input, in: "")
                }
                isInputTaken = true
            } else if Self.isFolder(path) {
                var walk = FolderWalk(filter, isRecursive: options.isRecursive, root: root)
                walk.collect(input, into: &collector)
            } else if input.lowercased().hasSuffix(".csv") {
                let place = FileManager.default.fileExists(atPath: input) ? input : path
                let table = SegmentTable(input, in: options.root ?? FilePath.folder(of: place))
                table.collect(from: place, into: &collector)
            } else {
                collector.add(input, in: root)
            }
        }
        if let filesFrom { FileList(filesFrom, in: root).collect(into: &collector) }
        self = collector.list
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
