import Foundation
import TestSupport
import Testing

/// One run of the built program.
struct CommandLineRun {
    let status: Int32
    let output: String
    let outputBytes: Data
    let errors: String

    /// The lines on standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    /// Runs emotion-cli with these arguments; `input` is what it reads on standard input, and `megabytes` are what it may
    /// map, its libraries among them. `launcher` is a program that starts it, with what comes before the program's own path
    /// and arguments.
    init(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
        outputPath: String? = nil, folder: URL? = nil, megabytes: Int? = nil, launcher: [String] = [],
        program: URL = Self.program
    ) throws {
        let process = Process()
        let limit = megabytes.map { ["/bin/bash", "-c", "ulimit -v \($0 * 1000); exec \"$0\" \"$@\""] } ?? []
        let words = limit + launcher + [program.path] + arguments
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        // Nothing of the caller's own set-up: no model of theirs, no home of theirs.
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(environment) { $1 }

        let scratch = try TemporaryFolder()
        let (inputFile, errorFile) = (URL(filePath: scratch.file("in")), URL(filePath: scratch.file("err")))
        let outputFile = outputPath.map { URL(filePath: $0) } ?? URL(filePath: scratch.file("out"))
        try input.write(to: inputFile)
        for file in [errorFile, outputPath == nil ? outputFile : nil].compactMap({ $0 }) { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        process.waitUntilExit()

        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        outputBytes = outputPath == nil ? try Data(contentsOf: outputFile) : Data()
        output = String(decoding: outputBytes, as: UTF8.self)
        errors = try String(contentsOf: errorFile, encoding: .utf8)
    }

    /// The program that was built with the tests, beside them.
    static var program: URL {
        let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = tests.appending(path: "emotion-cli")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return Bundle.main.bundleURL.appending(path: "emotion-cli")
    }
}

/// Expects that the program refused to run: status 2, nothing on standard output, and one line on standard error that
/// begins with `emotion-cli: error: ` and contains each of `texts`.
func expectRefusal(
    _ run: CommandLineRun, containing texts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(run.status == 2, sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    for text in texts {
        #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation)
    }
    #expect(run.errors.hasPrefix("emotion-cli: error: "), "\(run.errors)", sourceLocation: sourceLocation)
}
