import Foundation
import StandInModel
import TestSupport
import Testing

/// Runs of predict that are killed, stopped and resumed.
@Suite("A run survives")
struct RunSurvivalTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private let folder: TemporaryFolder
    private let table: String

    /// A table of segments of speech at any rate, of which some are missing, damaged or impossible.
    init() throws {
        folder = try TemporaryFolder()
        table = folder.file("segments.csv")
        try Data("not audio at all, however long one looks".utf8).write(to: URL(filePath: folder.file("corrupt.wav")))
        let whole = try Data(contentsOf: URL(filePath: Fixtures.speech("jfk.wav")))
        try whole.prefix(60_000).write(to: URL(filePath: folder.file("cut.wav")))
        let files =
            try FileManager.default.contentsOfDirectory(atPath: Fixtures.speech("")).filter { $0.hasSuffix(".wav") }
            .sorted().map { Fixtures.speech($0) } + [folder.file("missing.wav"), "corrupt.wav", "cut.wav"]
        var rows = ["file,start,end"]
        for index in 0..<Self.segments {
            // Some of them lie beyond the ends of the shorter files.
            let start = Double(index * 37 % 300) / 100
            let end = index % 3 == 0 ? "" : index % 3 == 1 ? "\(start + 0.2)" : "0 days 00:00:0\(start + 0.35)"
            rows.append("\(files[index % files.count]),\(start),\(index % 50 == 49 ? "soon" : end)")
        }
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: table))
    }

    private static let segments = 2000

    private func arguments(_ output: String, _ more: [String] = []) -> [String] {
        [
            "predict", "--model", Self.model, table, "--root", folder.path, "--max-duration", "1", "-o", output,
            "--resume",
        ] + more
    }

    /// The bytes of a file that may not be there.
    private func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

    @Test(
        "being killed 20 times",
        arguments: ["scores.csv", "scores.jsonl", "scores.json", "scores.npz", "scores.csv.gz"])
    func killed(name: String) throws {
        let undisturbed = folder.file("undisturbed-" + name)
        let run = try CommandLineRun(arguments(undisturbed))
        #expect(run.status == 1, "some of the recordings fail")
        let expected = try #require(bytes(undisturbed))
        let expectedErrors = try #require(bytes(undisturbed + ".errors.csv"))
        if name == "scores.csv" {
            let rows = String(decoding: expected, as: UTF8.self).split(separator: "\n").count - 1
            let failures = String(decoding: expectedErrors, as: UTF8.self).split(separator: "\n").count - 1
            #expect(rows + failures == Self.segments, "a row or an error for each")
            #expect(rows > Self.segments / 2 && failures > Self.segments / 10)
        }

        let output = folder.file(name)
        var random = SplitMix64(seed: 2026)
        var kills = 0
        for part in 0..<20 {
            // The errors grow row by row in every format.
            let errorBytes = expectedErrors.count * (part * 1000 + Int(random.next() % 1000)) / 21_000
            let pause = Double(random.next() % 4000) / 1e6
            if try killed(after: errorBytes, of: output + ".errors.csv", and: pause, arguments(output)) { kills += 1 }
        }
        #expect(kills >= 15, "the moments are within the run")
        let last = try CommandLineRun(arguments(output))
        #expect(last.status == 1)
        #expect(bytes(output) == expected)
        #expect(bytes(output + ".errors.csv") == expectedErrors)
        #expect(bytes(output + ".run") == bytes(undisturbed + ".run"))
        #expect(!FileManager.default.fileExists(atPath: output + ".progress"))
    }

    /// Whether a run was still going when it was killed, `seconds` after a file of it had `byteCount` bytes.
    private func killed(
        after byteCount: Int, of path: String, and seconds: Double, _ arguments: [String]
    ) throws -> Bool {
        let process = try StartedRun(arguments)
        process.waitForFile(path, ofBytes: byteCount)
        Thread.sleep(forTimeInterval: seconds)
        process.signal(SIGKILL)
        return process.wait() == -SIGKILL
    }

    @Test("SIGINT and SIGTERM, after the rows in hand", arguments: [SIGINT, SIGTERM])
    func signalled(signal: Int32) throws {
        let output = folder.file("scores.csv")
        let run = try StartedRun(arguments(output))
        run.waitForFile(output, ofBytes: 2000)
        run.signal(signal)
        #expect(run.wait() == 128 + signal)
        #expect(run.errors.contains("run the same command with --resume to continue"))
        let part = try #require(bytes(output))
        #expect(part.last == UInt8(ascii: "\n"))
        let undisturbed = folder.file("undisturbed.csv")
        _ = try CommandLineRun(arguments(undisturbed))
        let whole = try #require(bytes(undisturbed))
        #expect(whole.starts(with: part))
        #expect(part.count < whole.count)
        _ = try CommandLineRun(arguments(output))
        #expect(bytes(output) == whole)
    }

    @Test("and is never discarded, nor mixed with another, unless that is asked for")
    func unfinished() throws {
        let output = folder.file("scores.csv")
        let run = try StartedRun(arguments(output))
        run.waitForFile(output, ofBytes: 2000)
        run.signal(SIGKILL)
        _ = run.wait()
        let before = try #require(bytes(output))

        let new = try CommandLineRun(["predict", "--model", Self.model, table, "--root", folder.path, "-o", output])
        expectRefusal(new, containing: "--resume continues it, --restart discards it")
        let other = try CommandLineRun(arguments(output, ["--window", "0.5", "--pad-last"]))
        #expect(other.status == 2)
        #expect(other.errors.contains("--window was none, now 0.5 s"))
        #expect(other.errors.hasSuffix("; repeat those to resume it, or discard it with --restart\n"))
        #expect(bytes(output) == before)

        let small = ["predict", "--model", Self.model, Fixtures.speech("14b01Na.wav"), "-o", output]
        let restarted = try CommandLineRun(small + ["--restart"])
        #expect(restarted.status == 0, "\(restarted.errors)")
        let written = try #require(bytes(output))
        #expect(written.count(where: { $0 == UInt8(ascii: "\n") }) == 2, "the header and a row")
        let again = try CommandLineRun(small + ["--resume"])
        #expect(again.status == 0)
        #expect(again.errors.contains("this run is already complete"))

        // Neither a run of other recordings nor a table from elsewhere is taken for it.
        let finished = try #require(bytes(output))
        let others = try CommandLineRun(arguments(output))
        expectRefusal(others, containing: "the inputs were 1 recording, checksum", ", now 2000 recordings, checksum")
        try FileManager.default.removeItem(atPath: output + ".run")
        expectRefusal(
            try CommandLineRun(small + ["--resume"]), containing: "\(output): already exists", "replace it with --force"
        )
        #expect(bytes(output) == finished)
        let forced = try CommandLineRun(small + ["--resume", "--force"])
        #expect(forced.status == 0 && bytes(output) == finished, "\(forced.errors)")
    }

    @Test("another model of the same name and size is noticed")
    func otherModel() throws {
        let output = folder.file("scores.csv")
        let command = [
            "predict", "--model", folder.file("model"), Fixtures.speech("14b01Na.wav"), "-o", output, "--resume",
        ]
        var run = try CommandLineRun(command)
        for seed in ["1", "2"] {
            let sizes = [
                "--layers", "1", "--hidden", "32", "--heads", "2", "--feed-forward", "32", "--channels", "16",
                "--positional-kernel", "16", "--positional-groups", "2",
            ]
            let made = try CommandLineRun(["standin", folder.file("model"), "--seed", seed] + sizes)
            #expect(made.status == 0, "\(made.errors)")
            run = try CommandLineRun(command)
            #expect(run.status == (seed == "1" ? 0 : 2), "\(run.errors)")
        }
        #expect(run.errors.contains("the model was model.onnx, "))
    }
}
