import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("An output never destroys")
struct OutputSafetyTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Fixtures.speech("14b01Na.wav"), toPath: folder.file("a.wav"))
        try FileManager.default.copyItem(atPath: Self.model, toPath: folder.file("model.onnx"))
        try folder.write("file,start,end\na.wav,0,1\n".utf8, to: "t.csv")
        try folder.write("a.wav\n".utf8, to: "list.txt")
    }

    private func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try folder.contents() { files[name] = try Data(contentsOf: URL(filePath: folder.file(name))) }
        return files
    }

    private func run(_ arguments: [String], input: Data = Data()) throws -> CommandLineRun {
        try CommandLineRun(arguments, input: input, folder: URL(filePath: folder.path))
    }

    @Test(
        "what the command reads, not even with --force",
        arguments: [
            ["predict", "-m", "model.onnx", "a.wav", "-o", "a.wav", "--format", "csv"],
            ["predict", "-m", "model.onnx", "a.wav", "-o", "./a.wav", "--format", "csv"],
            ["predict", "-m", "model.onnx", "a.wav", "-o", "hard.csv"],
            ["predict", "-m", "model.onnx", "a.wav", "-o", "symbolic.csv"],
            ["predict", "-m", "model.onnx", "hard.csv.wav", "-o", "hard.csv"],
            ["predict", "-m", "model.onnx", "missing.csv", "-o", "missing.csv"],
            ["predict", "-m", "model.onnx", ".", "-o", "hard.csv"],
            ["predict", "-m", "model.onnx", "a.wav", "-o", "model.onnx", "--format", "csv"],
            ["predict", "-m", ".", "a.wav", "-o", "model.onnx", "--format", "csv"],
            ["predict", "-m", "model.onnx", "t.csv", "-o", "t.csv"],
            ["predict", "-m", "model.onnx", "t.csv", "-o", "t.csv", "--resume"],
            ["predict", "-m", "model.onnx", "--files-from", "list.txt", "-o", "list.txt"],
            ["predict", "-m", "model.onnx", "out.csv.errors.csv", "-o", "out.csv"],
            ["predict", "-m", "model.onnx", "a.svg", "--window", "1", "--chart", "a.svg"],
            [
                "predict", "-m", "model.onnx", "a.wav", "--window", "1", "--chart", "out.svg", "-o", "out.svg",
                "--format", "csv",
            ],
            ["states", "-m", "model.onnx", "a.npz", "-o", "a.npz"],
            ["states", "-m", "model.onnx", "a.wav", "-o", "a.wav"],
            ["profile", "-m", "model.onnx", "a.wav", "--trace", "a.wav"],
            ["profile", "-m", "model.onnx", "a.wav", "--trace", "model.onnx"],
            ["profile", "-m", "model.onnx", "a.wav", "--trace", "x.svg", "--chart", "x.svg"],
            ["inspect", "model.onnx", "--weights", "model.onnx"],
            ["convert", "model.onnx", "model.onnx"],
        ])
    func inputs(arguments: [String]) throws {
        for name in ["hard.csv", "hard.csv.wav", "a.svg", "a.npz"] {
            try FileManager.default.linkItem(atPath: folder.file("a.wav"), toPath: folder.file(name))
        }
        try FileManager.default.createSymbolicLink(atPath: folder.file("symbolic.csv"), withDestinationPath: "a.wav")
        let before = try files()
        for force in [[], ["--force"]] {
            expectRefusal(try run(arguments + force))
            #expect(try files() == before)
        }
    }

    @Test("what comes on standard input")
    func standardInput() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.arguments = [
            "-c",
            "\"$0\" -m model.onnx - -o a.wav --format csv --force <a.wav 2>errors; echo $? >status; "
                + "\"$0\" -m model.onnx a.wav >>a.wav 2>>errors; echo $? >>status",
            CommandLineRun.program.path(percentEncoded: false),
        ]
        let before = try files()
        try process.run()
        process.waitUntilExit()
        let after = try files()
        #expect(after["status"] == Data("2\n2\n".utf8), "\(after["errors"] ?? Data())")
        #expect(after.filter { before[$0.key] != nil } == before)
    }

    @Test(
        "what this program did not write",
        arguments: [
            (["predict", "-m", "model.onnx", "a.wav", "-o", "mine.csv"], "mine.csv"),
            (["predict", "-m", "model.onnx", "a.wav", "-o", "mine.npz", "--restart"], "mine.npz"),
            (["predict", "-m", "model.onnx", "a.wav", "-o", "mine.csv.gz", "--resume"], "mine.csv.gz"),
            (["predict", "-m", "model.onnx", "missing.wav", "-o", "x.csv"], "x.csv.errors.csv"),
            (["predict", "-m", "model.onnx", "a.wav", "--window", "1", "--chart", "mine.svg"], "mine.svg"),
            (["states", "-m", "model.onnx", "a.wav", "-o", "mine.npz"], "mine.npz"),
            (["states", "-m", "model.onnx", "a.wav", "--layers", "1", "--attention-chart", "mine.svg"], "mine.svg"),
            (["profile", "-m", "model.onnx", "a.wav", "--repeats", "1", "--trace", "mine.json"], "mine.json"),
            (["inspect", "model.onnx", "--weights", "mine.npz"], "mine.npz"),
            (["convert", "model.onnx", "mine.packed"], "mine.packed"),
            (["standin", "."] + smallSizes, "model.onnx"),
        ])
    func foreign(arguments: [String], file: String) throws {
        if file != "model.onnx" { try folder.write("my thesis".utf8, to: file) }
        let before = try files()
        expectRefusal(try run(arguments), containing: "already exists", "--force")
        #expect(try files() == before)
        let forced = try run(arguments + ["--force"])
        #expect(forced.status < 2, "\(forced.errors)")
        #expect(try files()[file] != before[file])
        // Now it is this program's own.
        let again = try run(arguments)
        #expect(again.status == forced.status, "\(again.errors)")
    }

    private static let smallSizes = [
        "--layers", "1", "--hidden", "32", "--heads", "2", "--feed-forward", "32", "--channels", "16",
        "--positional-kernel", "16", "--positional-groups", "2",
    ]

    @Test("a name that is no format's needs the format")
    func extensions() throws {
        for name in ["o.parquet", "o.tsv", "o.xyz", "o.xyz.gz", "a.wav"] {
            let run = try run(["predict", "-m", "model.onnx", "a.wav", "-o", name])
            expectRefusal(run, containing: "is no format", "--format", name)
        }
        #expect(try run(["predict", "-m", "model.onnx", "a.wav", "-o", "o.tsv", "--format", "csv"]).status == 0)
        #expect(try run(["predict", "-m", "model.onnx", "a.wav", "-o", "plain"]).status == 0)
        for option in ["-o", "--output"] {
            expectRefusal(
                try run(["predict", "-m", "model.onnx", "a.wav", option, ""]), containing: "--output is empty")
        }
        for command in [["states", "-m", "model.onnx", "a.wav", "-o"], ["inspect", "model.onnx", "--weights"]] {
            expectRefusal(try run(command + ["o.csv"]), containing: "o.csv: arrays are written as .npz")
        }
    }

    @Test("- is standard output")
    func dash() throws {
        let table = try run(["predict", "-m", "model.onnx", "a.wav", "-o", "-", "--format", "csv"])
        #expect(table.status == 0 && table.output.hasPrefix("file,start,end,"))
        let states = try run(["states", "-m", "model.onnx", "a.wav", "--layers", "1", "-o", "-"])
        #expect(states.status == 0 && states.outputBytes.starts(with: "PK".utf8))
        for option in ["--resume", "--retry"] {
            expectRefusal(
                try run(["predict", "-m", "model.onnx", "a.wav", "-o", "-", option]),
                containing: "\(option) needs --output")
        }
        #expect(try !folder.contents().contains("-"))
    }

    @Test("negative numbers are named as what they are")
    func negative() throws {
        let predict = ["predict", "-m", "model.onnx", "a.wav"]
        expectRefusal(try run(predict + ["--window", "-1"]), containing: "a window of -1.0 s")
        expectRefusal(try run(predict + ["--window", "1", "--hop", "-2"]), containing: "a hop of -2.0 s")
        expectRefusal(try run(predict + ["--max-duration", "-3"]), containing: "a maximum duration of -3.0 s")
        expectRefusal(try run(predict + ["--jobs", "-4"]), containing: "--jobs -4: a number from 1")
        expectRefusal(try run(predict + ["--channel", "-5"]), containing: "--channel -5: channels are counted from 1")
        expectRefusal(
            try run(["profile", "-m", "model.onnx", "--seconds", "-6"]), containing: "--seconds -6.0: from 0.025")
    }
}
