import Foundation
import TestSupport
import Testing

@Suite("A run that is ended")
struct EndedRunTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private let folder: TemporaryFolder
    private let output: String

    /// A short recording, one that takes the tiny model many seconds, and another short one.
    init() throws {
        folder = try TemporaryFolder()
        output = folder.file("out.csv")
        let speech = try Data(contentsOf: URL(filePath: Fixtures.speech("jfk.wav")))
        for name in ["first.wav", "last.wav"] { try folder.write(speech, to: name) }
        // Its header is 78 bytes long, of which the format takes 36.
        let samples = speech.dropFirst(78)
        let long = (0..<54).reduce(into: Data()) { data, _ in data += samples }
        func size(_ count: Int) -> Data { withUnsafeBytes(of: UInt32(count).littleEndian) { Data($0) } }
        var bytes = speech.prefix(4) + size(36 + long.count) + speech[8..<36]
        bytes += Data("data".utf8) + size(long.count) + long
        try folder.write(bytes, to: "long.wav")
    }

    private var command: [String] {
        ["predict", "-m", Self.model, "--quiet", "-o", output, "--resume"]
            + ["first.wav", "long.wav", "last.wav"].map(folder.file)
    }

    private func rows(_ path: String) throws -> [Substring] {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self).split(separator: "\n")
    }

    /// Starts the run and waits until it has been at the long recording for a while.
    private func started(_ command: [String]) throws -> StartedRun {
        let run = try StartedRun(command)
        let deadline = Date(timeIntervalSinceNow: 60)
        while try rows(output).count < 2, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
        Thread.sleep(forTimeInterval: 1.5)
        return run
    }

    @Test("twice at the same recording makes it an error, and continues with the next")
    func twice() throws {
        for _ in 1...2 {
            let run = try started(command)
            run.signal(SIGKILL)
            #expect(run.wait() == -SIGKILL)
            #expect(try rows(output).count == 2, "the long recording isn't done")
        }
        let last = try CommandLineRun(command)
        let words = "the program was ended twice while it scored this recording; --window SECONDS scores it in pieces"
        #expect(last.status == 1)
        #expect(last.errors == "emotion-cli: error: \(folder.file("long.wav")): \(words)\n")
        #expect(try rows(output).count == 3)
        #expect(try rows(output + ".errors.csv").last?.hasSuffix(",,,\(words)") == true)
    }

    @Test("by two signals says so, and how to go on; and no recording is blamed for it", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) throws {
        let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
        for _ in 1...3 {
            let run = try started(command)
            run.signal(signal)
            run.waitForMessage("\(name): finishing the recordings in progress; send \(name) again to stop at once")
            // Until the mark is taken back.
            Thread.sleep(forTimeInterval: 0.5)
            run.signal(signal)
            #expect(run.wait() == 128 + signal)
            #expect(run.errors.hasSuffix("ended by \(name) at once; run the same command with --resume to continue\n"))
        }
        let run = try started(command)
        run.signal(SIGKILL)
        _ = run.wait()
        #expect(try rows(output).count == 2)
        #expect(!FileManager.default.fileExists(atPath: output + ".errors.csv"))
    }

    @Test("by the folder of the corpus going away marks nothing as done")
    func vanished() throws {
        let corpus = folder.file("corpus")
        try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
        let count = 400
        for index in 0..<count {
            try FileManager.default.linkItem(
                atPath: folder.file("first.wav"), toPath: "\(corpus)/\(index).wav")
        }
        let command = ["predict", "-m", Self.model, "--quiet", "--max-duration", "2", "-o", output, "--resume", corpus]
        let list = try folder.write((0..<count).map { "\(corpus)/\($0).wav\n" }.joined().utf8, to: "list")
        let run = try StartedRun(Array(command.dropLast()) + ["--files-from", list])
        run.waitForFile(output, ofBytes: 1000)
        try FileManager.default.moveItem(atPath: corpus, toPath: folder.file("away"))
        #expect(run.wait() == 2, "\(run.errors)")
        #expect(run.errors.contains("no such file; the folder '\(corpus)', from which others were read, is gone"))
        #expect(run.errors.hasSuffix("; the rows so far are kept; --resume continues from them\n"))
        #expect(!FileManager.default.fileExists(atPath: output + ".errors.csv"))
        try FileManager.default.moveItem(atPath: folder.file("away"), toPath: corpus)
        let resumed = try CommandLineRun(Array(command.dropLast()) + ["--files-from", list])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try rows(output).count == count + 1)
    }

    @Test("by a temporary folder that isn't there marks nothing as done")
    func temporaryFolder() throws {
        let recordings = [folder.file("first.wav"), "-", folder.file("last.wav")]
        let command = ["predict", "-m", Self.model, "-o", output, "--resume"] + recordings
        let speech = try Data(contentsOf: URL(filePath: folder.file("first.wav")))
        let run = try CommandLineRun(command, input: speech, environment: ["TMPDIR": "/nonexistent"])
        expectRefusal(
            run, containing: "standard input: cannot be copied to the temporary folder", "--resume continues from them")
        #expect(try rows(output).count == 2)
        let resumed = try CommandLineRun(command, input: speech)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try rows(output).count == 4)
        let unnamed = try CommandLineRun(
            ["predict", "-m", Self.model, "-"], input: speech, environment: ["TMPDIR": "/nonexistent"])
        expectRefusal(unnamed, containing: "the run ends here\n")
    }

    @Test("before it begins if too few files can be open", arguments: [6, 12])
    func descriptors(limit: Int) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "exec 2>\"$1\"; ulimit -n \(limit); exec \"$0\" -m \"$2\" \"$3\" -o \"$4\"",
            CommandLineRun.program.path(percentEncoded: false), folder.file("errors"), Self.model,
            folder.file("first.wav"), output,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 2)
        let lines = try rows(folder.file("errors"))
        #expect(lines.count == 1 && lines[0].contains("more files can be open at once, and 16 are needed; ulimit -n"))
    }

    @Test("with failures scores them again, in their place, and nothing else")
    func retried() throws {
        let names = ["first.wav", "b.wav", "c.wav", "last.wav"]
        for format in ["csv", "jsonl", "json", "txt", "csv.gz"] {
            for name in ["b.wav", "c.wav"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
            let (table, whole) = (folder.file("retried.\(format)"), folder.file("whole.\(format)"))
            let command = ["predict", "-m", Self.model, "--max-duration", "2", "-o"]
            let recordings = names.map(folder.file)
            #expect(try CommandLineRun(command + [table] + recordings).status == 1)
            for (name, status) in [("c.wav", Int32(1)), ("b.wav", 0)] {
                try FileManager.default.copyItem(atPath: folder.file("first.wav"), toPath: folder.file(name))
                let run = try CommandLineRun(command + [table, "--retry"] + recordings)
                #expect(run.status == status, "\(run.errors)")
                #expect(run.errorLines.count == Int(status))
            }
            #expect(try CommandLineRun(command + [whole] + recordings).status == 0)
            for part in ["", ".run"] {
                #expect(
                    FileManager.default.contents(atPath: table + part)
                        == FileManager.default.contents(atPath: whole + part), "\(format)\(part)")
            }
            #expect(!FileManager.default.fileExists(atPath: table + ".errors.csv"))
            let again = try CommandLineRun(command + [table, "--retry"] + recordings)
            #expect(again.status == 0 && again.errors.contains("this run is already complete"))
        }
        let archive = folder.file("out.npz")
        let missing = [folder.file("first.wav"), folder.file("nowhere.wav")]
        #expect(try CommandLineRun(["predict", "-m", Self.model, "-o", archive] + missing).status == 1)
        expectRefusal(
            try CommandLineRun(["predict", "-m", Self.model, "--retry", "-o", archive] + missing),
            containing: "can't be scored again into a finished table in npz")
    }

    @Test("says no more than some tens of errors, and where the others are")
    func manyErrors() throws {
        let list = try folder.write((0..<1000).map { "missing-\($0).wav\n" }.joined().utf8, to: "list")
        let command = ["predict", "-m", Self.model, "--files-from", list]
        let run = try CommandLineRun(command + ["-o", output])
        #expect(run.status == 1)
        #expect(run.errorLines.count == 32)
        #expect(run.errorLines[30] == "emotion-cli: error: and so on; see \(output).errors.csv")
        #expect(run.errorLines[31].hasPrefix("emotion-cli: notice: 1000 recordings, 1000 failed, "))
        #expect(try rows(output + ".errors.csv").count == 1001)
        // Where they are nowhere else, all are said.
        #expect(try CommandLineRun(command).errorLines.count == 1000)
    }

    @Test("with rows for failures keeps the order of the inputs")
    func failureRows() throws {
        let recordings = ["first.wav", "missing.wav", "last.wav"].map(folder.file)
        let run = try CommandLineRun(
            ["predict", "-m", Self.model, "--max-duration", "1", "--failure-rows", "-o", output] + recordings)
        #expect(run.status == 1)
        let lines = try rows(output)
        #expect(lines.count == 4 && lines[2] == "\(recordings[1]),NaT,NaT,nan,nan,nan")
    }
}
