import Foundation
import TestSupport
import Testing

/// Runs where the system gives few threads and little memory.
@Suite("Limits of the system")
struct SystemLimitTests {
    private static let model = Fixtures.model("torch1.10-opset11")

    /// A WAV file of noise at 16 kHz.
    private static func recording(seconds: Int) -> [UInt8] {
        func number(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(value >> (8 * $0) & 255) } }
        let second = noise(16_000).flatMap { number(Int($0 * 8000) & 0xFFFF, 2) }
        let count = seconds * second.count
        let format = number(1, 2) + number(1, 2) + number(16_000, 4) + number(32_000, 4) + number(2, 2) + number(16, 2)
        let header = Array("RIFF".utf8) + number(36 + count, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + format
        return header + Array("data".utf8) + number(count, 4) + Array(repeatElement(second, count: seconds).joined())
    }

    // MARK: Threads

    private static let setpriv = "/usr/bin/setpriv"
    private static let prlimit = "/usr/bin/prlimit"

    /// Only root may become somebody without processes, whose number can be limited.
    private static var canLimitThreads: Bool {
        getuid() == 0 && [setpriv, prlimit].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// As a user that nobody else is, with so many threads in all.
    private func run(
        _ arguments: [String], threads: Int, user: Int, input: String = "", folder: TemporaryFolder
    ) throws -> CommandLineRun {
        // Where the user may read them.
        let program = URL(filePath: folder.file("program"))
        try FileManager.default.copyItem(at: CommandLineRun.program, to: program)
        try FileManager.default.copyItem(atPath: Self.model, toPath: folder.file("model.onnx"))
        try folder.write(Self.recording(seconds: 1), to: "a.wav")
        return try CommandLineRun(
            arguments, input: Data(input.utf8), environment: ["EMOTION_MODEL": folder.file("model.onnx")],
            folder: URL(filePath: folder.path),
            launcher: [
                "/usr/bin/timeout", "-s", "KILL", "60", Self.setpriv, "--reuid=\(user)", "--clear-groups", Self.prlimit,
                "--nproc=\(threads):\(threads)",
            ], program: program)
    }

    @Test("that allow no second thread end a run with a line", .enabled(if: canLimitThreads))
    func noThreads() throws {
        let run = try run(
            ["predict", "--threads", "1", "a.wav"], threads: 1, user: 54_301, folder: TemporaryFolder())
        expectRefusal(run, containing: "a thread can't be started: Resource temporarily unavailable")
    }

    @Test(
        "that allow fewer threads than were asked for are told, and what there is does the work",
        .enabled(if: canLimitThreads))
    func fewerThreads() throws {
        let all = try CommandLineRun(["predict", "-m", Self.model, "-"], input: Data(Self.recording(seconds: 1)))
        let run = try run(
            ["predict", "--threads", "64", "a.wav"], threads: 12, user: 54_310, folder: TemporaryFolder())
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.dropFirst("a.wav".count) == all.output.dropFirst("-".count))
        #expect(run.errorLines.count == 1, "\(run.errors)")
        let line = run.errorLines.first ?? ""
        #expect(line.hasPrefix("emotion-cli: notice: only "), "\(line)")
        #expect(line.hasSuffix(" of 64 threads can be started: Resource temporarily unavailable"), "\(line)")
    }

    @Test("on threads leave enough of them for jobs", .enabled(if: canLimitThreads))
    func fewerJobs() throws {
        let run = try run(
            ["predict", "--jobs", "64", "a.wav", "a.wav", "a.wav"], threads: 6, user: 54_311, folder: TemporaryFolder())
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.split(separator: "\n").count == 3)
    }

    @Test(
        "on threads hold up no command", .enabled(if: canLimitThreads),
        arguments: [
            ["states", "a.wav", "--layers", "0", "-o", "/dev/null"], ["profile", "a.wav", "--repeats", "1"],
            ["bench", "--seconds", "0.1", "--runs", "1"], ["verify", "a.wav", "--no-published"], ["worker"],
        ])
    func commands(arguments: [String]) throws {
        let user = 54_320 + arguments.count + (arguments.first?.count ?? 0) * 10
        let run = try run(
            arguments + ["--threads", "33"], threads: 8, user: user, input: #"{"file": "a.wav"}"# + "\n",
            folder: TemporaryFolder())
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("of 33 threads can be started"), "\(run.errors)")
    }

    // MARK: Memory

    /// With so much address space in all, in bytes.
    private func run(
        _ arguments: [String], addressSpace: Int, input: String = "", folder: TemporaryFolder
    ) throws -> CommandLineRun {
        try CommandLineRun(
            arguments, input: Data(input.utf8), environment: ["EMOTION_MODEL": Self.model],
            folder: URL(filePath: folder.path),
            launcher: ["/bin/sh", "-c", "ulimit -v \(addressSpace / 1024); exec \"$0\" \"$@\""])
    }

    /// Enough for the program, and not for a long recording.
    private static let little = 184_000_000
    private static let need = "10 min need 1"

    @Test("on memory make a long recording an error, and leave the others alone", arguments: [1, 2])
    func longRecording(jobs: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.recording(seconds: 600), to: "long.wav")
        try folder.write(Self.recording(seconds: 1), to: "short.wav")
        let run = try run(
            ["predict", "--jobs", "\(jobs)", "long.wav", "short.wav", "-o", "out.csv"], addressSpace: Self.little,
            folder: folder)
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.errorLines.count == 1, "\(run.errors)")
        for text in ["error: long.wav: \(Self.need)", "less is free; --window SECONDS", "--max-duration SECONDS"] {
            #expect(run.errors.contains(text), "\(run.errors)")
        }
        let rows = try String(contentsOfFile: folder.file("out.csv"), encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 2 && rows[1].hasPrefix("short.wav,"))

        for options in [["--window", "5"], ["--max-duration", "20"]] {
            let parts = try self.run(
                ["predict", "--jobs", "\(jobs)", "long.wav"] + options, addressSpace: Self.little, folder: folder)
            #expect(parts.status == 0 && !parts.output.isEmpty, "\(parts.errors)")
        }
    }

    @Test("on memory are answered by a worker without options that it lacks")
    func worker() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.recording(seconds: 600), to: "long.wav")
        let run = try run(
            ["worker"], addressSpace: Self.little,
            input: #"{"id": 1, "file": "long.wav"}"# + "\n" + #"{"id": 2, "file": "long.wav", "end": 1}"# + "\n",
            folder: folder)
        #expect(run.status == 0, "\(run.errors)")
        let answers = run.output.split(separator: "\n")
        try #require(answers.count == 2)
        #expect(answers[0].hasPrefix(#"{"id": 1, "error": "long.wav: \#(Self.need)"#), "\(answers[0])")
        #expect(!answers[0].contains("--"))
        #expect(answers[1].hasPrefix(#"{"id": 2, "file": "long.wav", "start": 0.0, "end": 1.0"#), "\(answers[1])")
    }

    @Test(
        "on memory are errors of other commands",
        arguments: [
            (["profile", "long.wav"], 1), (["states", "long.wav", "--layers", "0", "-o", "out.npz"], 1),
            (["bench", "--seconds", "600"], 2), (["verify", "long.wav"], 2), (["profile", "--seconds", "600"], 1),
        ])
    func otherCommands(arguments: [String], status: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.recording(seconds: 600), to: "long.wav")
        let run = try run(arguments, addressSpace: Self.little, folder: folder)
        #expect(Int(run.status) == status, "\(run.errors)")
        #expect(run.errorLines.count == 1, "\(run.errors)")
        #expect(run.errors.contains("10 min need "), "\(run.errors)")
        #expect(run.errors.hasPrefix("emotion-cli: error: "), "\(run.errors)")
    }
}
