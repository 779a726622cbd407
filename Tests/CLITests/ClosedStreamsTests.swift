import Foundation
import TestSupport
import Testing

/// Starts with standard input or standard error closed, as some daemons and cron wrappers do it.
@Suite("A closed standard stream")
struct ClosedStreamsTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

    @Test("of errors: no message gets into the files of a run, which can be resumed after a kill")
    func closedStandardError() throws {
        let output = folder.file("closed.csv")
        let files = (0..<20).map { "missing-\($0).wav" } + [Fixtures.speech("14b01Na.wav"), "-"]
        let program = CommandLineRun.program.path(percentEncoded: false)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            ["-c", "exec \"$0\" \"$@\" 2>&-", program, "predict", "--model", Self.model, "-o", output, "--resume"]
            + files
        // Standard input that says nothing holds the run up at its last recording.
        let silence = Pipe()
        process.standardInput = silence
        try process.run()
        let deadline = Date(timeIntervalSinceNow: 60)
        while bytes(output)?.split(separator: UInt8(ascii: "\n")).count ?? 0 < 2, Date() < deadline {
            Thread.sleep(forTimeInterval: 0.01)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let progress = try #require(bytes(output + ".progress"))
        #expect(!String(decoding: progress, as: UTF8.self).contains("emotion-cli: error"))

        let resumed = try CommandLineRun(
            ["predict", "--model", Self.model, "-o", output, "--resume"] + files,
            input: try Data(contentsOf: URL(filePath: Fixtures.speech("14b01Na.wav"))))
        #expect(resumed.status == 1 && !resumed.errors.contains("damaged"), "\(resumed.errors)")
        #expect(String(decoding: bytes(output) ?? Data(), as: UTF8.self).split(separator: "\n").count == 3)
    }

    @Test("of input is empty, and not another file")
    func closedStandardInput() throws {
        let process = Process()
        let errors = folder.file("errors")
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "exec \"$0\" \"$@\" <&- 2>\"$ERRORS\"", CommandLineRun.program.path(percentEncoded: false), "--model",
            Self.model, "-",
        ]
        process.environment = ["ERRORS": errors]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        let message = String(decoding: bytes(errors) ?? Data(), as: UTF8.self)
        #expect(message.contains("empty") && !message.contains("Invalid argument"), "\(message)")
    }
}
