import Corpus
import Files
import Foundation
import ScoreTables

/// The files that a command is going to write, held against all that it reads before any of them is opened: an output
/// that is also an input would destroy it.
struct OutputCheck {
    private var outputs = PlannedOutputs()

    /// Adds a file that appears whole; nil, and `-`, stand for standard output, which may have been redirected to a file.
    mutating func add(_ path: String?) throws(CommandError) {
        guard let path, path != "-" else {
            outputs.add(descriptor: STDOUT_FILENO, name: "standard output")
            return
        }
        try add(path, for: path)
    }

    /// Adds a table and the files beside it.
    mutating func add(table path: String?) throws(CommandError) {
        guard let path, path != "-" else { return try add(nil) }
        for file in ScoreTable.paths(for: path) { try add(file, for: path) }
    }

    private mutating func add(_ file: String, for path: String) throws(CommandError) {
        guard let other = outputs.add(file) else { return }
        let beside = file == path ? "" : ", beside which \(printable(file)) is written"
        throw CommandError(
            "\(printable(path))\(beside): the same file as the output \(printable(other)); give each a name of its own")
    }

    // MARK: What is read

    /// - Throws: if an input is one of the outputs.
    func check(_ input: String, _ kind: String) throws(CommandError) {
        let output = input == "-" ? outputs.path(ofDescriptor: STDIN_FILENO) : outputs.path(of: input)
        guard let output else { return }
        let name = input == "-" ? "standard input" : printable(input)
        throw CommandError("\(printable(output)): would replace \(kind) \(name); give the output another name")
    }

    /// Nothing is wrong with a model that isn't found, which its loading says.
    func check(model path: String) throws(CommandError) {
        try check(path, "the model")
        guard let files = try? ModelFiles(path) else { return }
        for file in [files.file] + files.data + files.descriptions { try check(file, "the model's file") }
    }

    func check(_ inputs: InputArguments, _ recordings: RecordingList) throws(CommandError) {
        for input in inputs.inputs {
            try check(input, "the input")
            if let root = inputs.root, input != "-", !input.hasPrefix("/") {
                try check(root + "/" + input, "the input")
            }
        }
        if let list = inputs.filesFrom { try check(list, "the list") }
        var last = ""
        for case .success(let recording) in recordings where recording.path != last {
            try check(recording.path, "the recording")
            last = recording.path
        }
    }
}
