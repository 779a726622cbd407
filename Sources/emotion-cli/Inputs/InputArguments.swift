import ArgumentParser
import Corpus
import Files
import Foundation
import Scoring

/// Which recordings a command is about.
struct InputArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Recordings: audio files, folders, tables (.csv, .tsv), or - for standard input.",
            discussion: """
                Audio is WAV, FLAC, OGG, MP3 and others, at any rate, or a .npy file with a float32 signal at 16 kHz; \
                M4A, MP4, WebM, AAC, WMA and others if ffmpeg is installed. A table has a column file, and may have \
                start and end, or start and duration: seconds or times such as 0 days 00:00:01.5, empty for the whole \
                file or up to its end. Relative files are looked for beside the table. docs/corpora.md has the other \
                names that these columns may have.
                """,
            valueName: "input"))
    var inputs: [String] = []

    @Option(
        help: ArgumentHelp(
            "A text file that lists one file per line, or files that NUL ends as find -print0 writes them, added after "
                + "the inputs; - reads standard input.",
            valueName: "file"))
    var filesFrom: String?

    @Option(
        help: ArgumentHelp(
            "The column of tables that names the files. Default: file, filename, path, wav or the like.",
            valueName: "name"))
    var fileColumn: String?

    @Option(
        help: ArgumentHelp(
            "Where to look for relative files and folders, including those of tables and lists. Names stay as given.",
            valueName: "folder"))
    var root: String?

    @Flag(help: "Search folders recursively.")
    var recursive = false

    @Option(
        name: .customLong("glob"), parsing: .singleValue,
        help: ArgumentHelp(
            "From folders, take only files whose names match, such as '*.wav'. May be given several times.",
            discussion: "Default: files with an extension of audio, or of video.", valueName: "pattern"))
    var globs: [String] = []

    @OptionGroup var decoding: DecodingArguments

    @OptionGroup var channel: ChannelArgument

    func validate() throws {
        if inputs.isEmpty, filesFrom == nil {
            throw ValidationError("an input is missing: name a file, folder or table, - or --files-from")
        }
        try Self.check(root: root)
        if let fileColumn, fileColumn.isEmpty {
            throw ValidationError("--file-column is empty; the name of a column is needed")
        }
        if let filesFrom, filesFrom.isEmpty {
            throw ValidationError("--files-from is empty; the name of a file is needed")
        }
        for glob in globs where glob.isEmpty || glob.contains("/") {
            throw ValidationError("--glob '\(glob)': patterns match the names of files, without their folders")
        }
    }

    static func check(root: String?) throws {
        guard let root else { return }
        if root.isEmpty { throw ValidationError("--root is empty; the name of a folder is needed") }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
            throw ValidationError("--root \(printable(root)): no such folder")
        }
        if !isFolder.boolValue { throw ValidationError("--root \(printable(root)): a file; a folder is needed") }
    }

    /// The recordings, or a share of them.
    func recordings(_ shard: Shard? = nil) -> RecordingList {
        var options = InputOptions()
        options.isRecursive = recursive
        options.globs = globs
        options.root = root
        options.shard = shard
        options.fileColumn = fileColumn
        options.decoding = decoding.decoding
        options.unreadableNames = ArgumentBytes.replacedTexts
        return RecordingList(inputs: inputs, filesFrom: filesFrom, options: options)
    }
}

/// Which channel of the recordings is heard.
struct ChannelArgument: ParsableArguments {
    @Option(
        name: .customLong("channel"), parsing: .unconditional,
        help: ArgumentHelp(
            "The channel to use, counted from 1, or all: each by itself. Default: their mean.",
            valueName: "n|all"),
        transform: { try ChannelChoice(argument: $0) })
    var choice: ChannelChoice = .mean

    /// Counted from 0; nil for the mean of all.
    ///
    /// - Throws: `ValidationError` if it is all of them, of which this command can't make one answer.
    func index(for command: String) throws -> Int? {
        switch choice {
        case .mean: nil
        case .one(let index): index
        case .all: throw ValidationError("--channel all: \(command) takes one channel, or their mean")
        }
    }
}

extension ChannelChoice {
    fileprivate init(argument: String) throws {
        if argument == "all" {
            self = .all
            return
        }
        guard let number = Int(argument), number >= 1 else {
            throw ValidationError("--channel \(argument): channels are counted from 1; all takes each by itself")
        }
        self = .one(number - 1)
    }

    /// As runs note it.
    var fact: String {
        switch self {
        case .mean: "the mean"
        case .one(let index): "\(index + 1)"
        case .all: "all"
        }
    }
}

extension Shard: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
