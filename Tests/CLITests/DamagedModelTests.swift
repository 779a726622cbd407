import Foundation
import TestSupport
import Testing

/// Files that once crashed, hung or swelled the program, and others of their kinds.
@Suite("Damaged models, as a process", .timeLimit(.minutes(2)))
struct DamagedModelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs the program with little more than the addresses that its libraries take.
    private func run(_ arguments: [String]) throws -> CommandLineRun { try CommandLineRun(arguments, megabytes: 1000) }

    @Test(
        "a description of the model that Yams traps on, or that aliases swell",
        arguments: ["mapping-key", "alias-bomb"])
    func description(name: String) throws {
        let home = folder.file("home")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: Fixtures.model("torch1.10-opset11"), toPath: home + "/model.onnx")
        try FileManager.default.copyItem(atPath: Fixtures.damaged("\(name).yaml"), toPath: home + "/model.yaml")
        let begin = ContinuousClock.now
        expectRefusal(try run(["--model", home, Fixtures.speech("jfk.wav")]), containing: "model.yaml")
        #expect(begin.duration(to: .now) < .seconds(10))
    }

    @Test("a stride of 2^40", arguments: [["verify", "--model"], ["convert"], ["inspect"]])
    func stride(command: [String]) throws {
        let model = Fixtures.damaged("verify-stride.onnx")
        let output = command == ["convert"] ? [folder.file("out.packed")] : []
        let run = try run(command + [model] + output)
        #expect(run.status == 2 && run.errors.contains("stride"), "\(run.errors)")
        #expect(try folder.contents().isEmpty)
    }

    @Test("files of other kinds are named for what they are")
    func otherKinds() throws {
        let kinds = [
            (Fixtures.speech("jfk.wav"), "it is a WAV file"), (Fixtures.numPy("float32.npy"), "it is a NumPy array"),
            (try folder.write("<html>not found</html>".utf8, to: "model.onnx"), "it is a web page"),
            (
                try folder.write("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8, to: "lfs"),
                "git lfs pull"
            ),
        ]
        for (model, text) in kinds {
            expectRefusal(try CommandLineRun(["--model", model, Fixtures.speech("jfk.wav")]), containing: model, text)
        }
    }
}
