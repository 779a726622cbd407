import ArgumentParser
import Corpus

/// Which recordings a command is about.
struct InputArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Recordings: audio files, folders, .csv tables, or - for standard input.",
            discussion: """
                Audio is WAV, FLAC, OGG, MP3 and others, at any rate, or a .npy file with a float32 signal at 16 kHz. \
                A table has a column file, and may have start and end: seconds or times such as 0 days 00:00:01.5, \
                empty where the whole file or all up to its end is meant. Its files are looked for beside it.
                """,
            valueName: "input"))
    var inputs: [String] = []

    @Option(
        help: ArgumentHelp(
            "A text that names one file a line, to take after the inputs; - is standard input.", valueName: "file"))
    var filesFrom: String?

    @Option(
        help: ArgumentHelp(
            "Where relative files and folders are looked for, of tables and lists too. Names stay as they are given.",
            valueName: "folder"))
    var root: String?

    @Flag(help: "Take folders with all that is below them.")
    var recursive = false

    @Option(
        name: .customLong("glob"), parsing: .singleValue,
        help: ArgumentHelp(
            "What to take from folders: files whose name matches, such as '*.wav'. May be given several times.",
            discussion: "Default: files that are called as audio files.", valueName: "pattern"))
    var globs: [String] = []

    func validate() throws {
        if inputs.isEmpty, filesFrom == nil {
            throw ValidationError("an input is missing: name a file, folder or table, - or --files-from")
        }
        if let root, root.isEmpty { throw ValidationError("--root is empty; the name of a folder is needed") }
        if let filesFrom, filesFrom.isEmpty {
            throw ValidationError("--files-from is empty; the name of a file is needed")
        }
        for glob in globs where glob.isEmpty || glob.contains("/") {
            throw ValidationError("--glob '\(glob)': patterns match the names of files, without their folders")
        }
    }

    /// The recordings, or a share of them.
    func recordings(_ shard: Shard? = nil) -> RecordingList {
        var options = InputOptions()
        options.isRecursive = recursive
        options.globs = globs
        options.root = root
        options.shard = shard
        return RecordingList(inputs: inputs, filesFrom: filesFrom, options: options)
    }
}
