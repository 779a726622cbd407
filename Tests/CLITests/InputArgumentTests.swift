import Foundation
import NumPyFiles
import TestSupport
import Testing

/// What inputs become is tested with the module Corpus; here, that the command line hands it all on.
@Suite("Inputs on the command line")
struct InputArgumentTests {
    static let model = Fixtures.model("torch1.10-opset11")

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a", "b"] {
            let path = folder.file("sub/deep/\(name).wav")
            try FileManager.default.createDirectory(
                atPath: folder.file("sub/deep"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: Fixtures.speech("14b01Na.wav"), toPath: path)
        }
    }

    /// The names of the recordings whose states were written.
    private func files(_ arguments: [String], input: String = "", status: Int32 = 0) throws -> [String] {
        let output = folder.file("out.npz")
        let run = try CommandLineRun(
            ["states", "-m", Self.model, "-o", output, "--pool", "mean", "--layers", "0"] + arguments,
            input: Data(input.utf8))
        #expect(run.status == status, "\(run.errors)")
        return try NPZArchive(contentsOf: output).array(named: "file").strings ?? []
    }

    @Test("are folders with all below them")
    func recursive() throws {
        let found = ["a", "b"].map { folder.file("sub/deep/\($0).wav") }
        #expect(try files(["--recursive", folder.file("sub")]) == found)
        #expect(try files(["--recursive", "--glob", "b*", "--glob", "c*", folder.file("sub")]) == [found[1]])
    }

    @Test("are looked for in a root, from a table and from a list on standard input")
    func root() throws {
        let table = try folder.write(
            "file,start,end\ndeep/a.wav,0 days 00:00:01.5,0 days 2 s\ndeep/b.wav,1,NaT\n".utf8, to: "t.csv")
        let root = ["--root", folder.file("sub")]
        #expect(try files(root + ["deep"]) == ["deep/a.wav", "deep/b.wav"])
        #expect(try files(root + [table], status: 1) == ["deep/b.wav"])
        #expect(
            try files(root + ["deep/a.wav", "--files-from", "-"], input: "\ndeep/b.wav\r\n") == [
                "deep/a.wav", "deep/b.wav",
            ])
    }

    /// The text rows of predict.
    private func predict(_ arguments: [String], input: Data = Data()) throws -> CommandLineRun {
        try CommandLineRun(
            ["predict", "-m", Self.model, "-q"] + arguments, input: input, folder: URL(filePath: folder.path))
    }

    @Test("are the columns of tables that mean them, or chosen ones")
    func columns() throws {
        try folder.write("Path,Begin,duration\nsub/deep/a.wav,0.5,1\n".utf8, to: "t.csv")
        let run = try predict(["t.csv"])
        #expect(run.status == 0 && run.output.hasPrefix("sub/deep/a.wav [0.50–1.50 s]"), "\(run.output)\(run.errors)")
        try folder.write("clip,file\nsub/deep/a.wav,x\n".utf8, to: "u.tsv")
        try folder.write("clip\tfile\nsub/deep/a.wav\tx\n".utf8, to: "v.tsv")
        #expect(try predict(["--file-column", "clip", "v.tsv"]).status == 0)
        let refused = try predict(["u.tsv"])
        #expect(refused.status == 1 && refused.output.isEmpty)
        #expect(refused.errors.contains("its only column is 'clip,file'"), "\(refused.errors)")
        expectRefusal(try predict(["--file-column", "", "v.tsv"]))
    }

    @Test("are on standard input what their first bytes say, and never endless")
    func standardInput() throws {
        let samples = [Float](repeating: 0.25, count: 16_000)
        try NPYFile.write(NPYArray(shape: [16_000], elements: .float32(samples)), to: folder.file("s.npy"))
        let array = try predict(["-"], input: Data(contentsOf: URL(filePath: folder.file("s.npy"))))
        #expect(array.status == 0 && array.output.hasPrefix("- [0.00–1.00 s]"), "\(array.errors)")

        let raw = samples.flatMap { withUnsafeBytes(of: Int16($0 * 32_768).littleEndian) { Array($0) } }
        let options = ["--raw", "s16le", "--rate", "8000", "--channels", "2", "-"]
        #expect(try predict(options, input: Data(raw)).output.hasPrefix("- [0.00–1.00 s]"))
        let odd = try predict(options, input: Data(raw + [0]))
        #expect(odd.status == 1)
        #expect(
            odd.errors
                == "emotion-cli: error: standard input: 32001 bytes are not a whole number of frames of 4 bytes\n")

        for (input, words) in [
            (Data("y\n".utf8), "not audio but a text file"), (Data(count: 5000), "not audio in a known format"),
            (Data("PAR1".utf8), "not audio but a Parquet table; write the table as CSV"),
        ] {
            let run = try predict(["-"], input: input)
            #expect(run.status == 1)
            #expect(run.errors.hasPrefix("emotion-cli: error: standard input: \(words)"), "\(run.errors)")
        }
        let zero = try CommandLineRun(["predict", "-m", Self.model, "/dev/zero"], folder: URL(filePath: folder.path))
        #expect(zero.status == 1)
        #expect(zero.errors.hasPrefix("emotion-cli: error: /dev/zero: not audio"), "\(zero.errors)")
    }

    @Test("are named by a list that NUL ends")
    func zeros() throws {
        let run = try predict(["--files-from", "-"], input: Data("./sub/deep/a.wav\0./sub/deep/b.wav\0".utf8))
        #expect(run.status == 0 && run.output.split(separator: "\n").count == 2, "\(run.errors)")
    }

    @Test("are not read as options, and are text")
    func names() throws {
        for name in ["-dash.wav", "-h.wav", "-mh/x", "-ha"] {
            expectRefusal(try predict([name]), containing: "'\(name)' is read as options", "./\(name)")
        }
        try FileManager.default.copyItem(atPath: folder.file("sub/deep/a.wav"), toPath: folder.file("-dash.wav"))
        #expect(try predict(["--", "-dash.wav"]).status == 0)
        #expect(try predict(["./-dash.wav"]).status == 0)

        // Only a shell can hand over bytes that are no text here.
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.arguments = [
            "-c", #"name=$(printf 'latin\344.wav'); cp sub/deep/a.wav "$name"; "$0" -q -m "$1" "$name" sub/deep/a.wav"#,
            CommandLineRun.program.path, Self.model,
        ]
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("sub/deep/a.wav "))
        #expect(
            String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
                == "emotion-cli: error: latin\u{fffd}.wav: its name is not UTF-8 text; rename it\n")
    }

    @Test("are said to be missing where they were looked for")
    func places() throws {
        let address = try predict(["https://example.org/a.wav"])
        #expect(address.errors.contains("an address; addresses are not read, download it first"))
        let other = try predict(["--root", "sub", "nowhere.wav"])
        #expect(other.errors == "emotion-cli: error: nowhere.wav: no such file in sub\n")
    }

    @Test(
        "are needed, and have to make sense",
        arguments: [
            [], ["--recursive"], ["--root", "", "a.wav"], ["--files-from", ""], ["--glob", "", "a.wav"],
            ["--glob", "a/*.wav", "a.wav"], ["--root", "/nonexistent", "a.wav"], ["--root", "/dev/null", "a.wav"],
            ["--raw", "s16le", "a.raw"], ["--raw", "s16", "--rate", "8000", "a.raw"], ["--rate", "8000", "a.raw"],
            ["--channels", "2", "a.raw"], ["--raw", "u8", "--rate", "0", "a.raw"],
            ["--raw", "u8", "--rate", "8000", "--channels", "0", "a.raw"], ["--ffmpeg", "/nonexistent", "a.m4a"],
            ["--ffmpeg", "/", "a.m4a"],
        ])
    func usage(arguments: [String]) throws {
        expectRefusal(try CommandLineRun(["states", "-m", Self.model] + arguments))
    }
}
