import Foundation
import TestSupport
import Testing

@Suite("--accept-truncated")
struct AcceptTruncatedTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private let folder: TemporaryFolder
    private let cut: String

    init() throws {
        folder = try TemporaryFolder()
        let whole = try Data(contentsOf: URL(filePath: Fixtures.speech("jfk.wav")))
        cut = try folder.write(whole.prefix(whole.count / 2), to: "cut.wav")
    }

    private func run(_ command: String, _ arguments: String..., input: String = "") throws -> CommandLineRun {
        try CommandLineRun(
            [command, "--model", Self.model] + arguments, input: Data(input.utf8),
            folder: URL(filePath: folder.path))
    }

    private let advice = "; --accept-truncated scores what there is"

    @Test("is named by the error that it helps against, and turns it into a notice")
    func predict() throws {
        let refused = try run("predict", "cut.wav")
        #expect(refused.status == 1 && refused.output.isEmpty)
        #expect(refused.errors.hasPrefix("emotion-cli: error: cut.wav: truncated: its header promises "))
        #expect(refused.errors.hasSuffix(advice + "\n"))
        let accepted = try run("predict", "--accept-truncated", "cut.wav")
        #expect(accepted.status == 0)
        #expect(accepted.output.hasPrefix("cut.wav [0.00–5.50 s]"), "\(accepted.output)")
        #expect(
            accepted.errors == "emotion-cli: notice: cut.wav: its header declares 11.000 s, and 5.499 s were found\n")
    }

    @Test("comes with the last of a recording's windows")
    func windows() throws {
        let run = try run(
            "predict", "--accept-truncated", "cut.wav", "--window", "2", "--hop", "1", "--format", "jsonl")
        let rows = run.output.split(separator: "\n")
        #expect(rows.count == 4)
        #expect(rows.dropLast().allSatisfy { !$0.contains("notices") })
        #expect(rows.last?.contains(#""notices": ["its header declares 11.000 s"#) == true, "\(run.output)")
    }

    @Test("goes with --retry")
    func retry() throws {
        let first = try run("predict", "cut.wav", "-o", "a.csv")
        #expect(first.status == 1)
        let second = try run("predict", "cut.wav", "-o", "a.csv", "--retry", "--accept-truncated")
        #expect(second.status == 0, "\(second.errors)")
        let table = try String(contentsOfFile: folder.file("a.csv"), encoding: .utf8)
        #expect(table.split(separator: "\n").count == 2)
    }

    @Test("is heeded by states, profile and worker")
    func otherCommands() throws {
        let states = try run("states", "cut.wav", "-o", "a.npz")
        #expect(states.status == 1 && states.errors.hasSuffix(advice + "\n"), "\(states.errors)")
        let profile = try run("profile", "cut.wav", "--repeats", "1")
        #expect(profile.status == 1 && profile.errors.hasSuffix(advice + "\n"), "\(profile.errors)")
        let notice = "emotion-cli: notice: cut.wav: its header declares 11.000 s, and 5.499 s were found"
        let statesAccepted = try run("states", "--accept-truncated", "cut.wav", "-o", "b.npz", "--layers", "1")
        #expect(statesAccepted.status == 0 && statesAccepted.errorLines == [notice], "\(statesAccepted.errors)")
        let profileAccepted = try run("profile", "--accept-truncated", "cut.wav", "--repeats", "1")
        #expect(profileAccepted.status == 0 && profileAccepted.errorLines == [notice], "\(profileAccepted.errors)")

        let request = #"{"id": 1, "file": "cut.wav"}"# + "\n"
        let worker = try run("worker", input: request)
        #expect(worker.output.contains(#""error": "cut.wav: truncated"#), "\(worker.output)")
        let workerAccepted = try run("worker", "--accept-truncated", input: request)
        #expect(
            workerAccepted.output.contains(#""notices": ["its header declares 11.000 s"#), "\(workerAccepted.output)")
    }

    @Test("ends a damaged recording at the damage")
    func damaged() throws {
        // FLAC's frames have checksums.
        guard let url = Self.encoder else { return }
        let process = Process()
        process.executableURL = url
        process.arguments = ["-nostdin", "-v", "error", "-i", Fixtures.speech("jfk.wav"), folder.file("a.flac")]
        try process.run()
        process.waitUntilExit()
        var bytes = try Data(contentsOf: URL(filePath: folder.file("a.flac")))
        for index in bytes.count / 2..<bytes.count / 2 + 20_000 { bytes[index] ^= 0x5A }
        try folder.write(bytes, to: "a.flac")
        let refused = try run("predict", "a.flac")
        #expect(refused.status == 1 && refused.errors.hasSuffix(advice + "\n"), "\(refused.errors)")
        let accepted = try run("predict", "--accept-truncated", "a.flac")
        #expect(accepted.status == 0 && accepted.errorLines.count == 1, "\(accepted.errors)")
        #expect(accepted.errors.contains("notice: a.flac: "), "\(accepted.errors)")
    }

    private static let encoder: URL? = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }.map { URL(filePath: $0) }
}
