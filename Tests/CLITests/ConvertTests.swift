import Foundation
import TestSupport
import Testing

@Suite("emotion-cli convert")
struct ConvertTests {
    private let folder: TemporaryFolder
    private let packed: String
    private static let model = Fixtures.model("torch2.13-opset17")
    private static let speech = Fixtures.speech("14b01Na.wav")

    init() throws {
        folder = try TemporaryFolder()
        packed = folder.file("model.packed")
    }

    private func convert(_ model: String = Self.model) throws -> CommandLineRun {
        try CommandLineRun(["convert", model, packed])
    }

    @Test("writes a model that predicts the same, and may write it again")
    func roundTrip() throws {
        for _ in 0..<2 {
            let run = try convert()
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.isEmpty)
            #expect(run.errors == "emotion-cli: notice: \(packed): wrote a packed model in float32\n")
        }
        let outputs = try [Self.model, packed].map { model in
            let run = try CommandLineRun(["--model", model, "--format", "json", Self.speech])
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            return run.output
        }
        #expect(outputs[0] == outputs[1] && outputs[0].contains("arousal"))
    }

    @Test("never replaces a file that is something else")
    func occupied() throws {
        let bytes = Array("my thesis".utf8)
        _ = try folder.write(bytes, to: "model.packed")
        let run = try convert()
        #expect(run.status == 2)
        #expect(
            run.errors
                == "emotion-cli: error: \(packed): already exists and is not a packed model that this program "
                + "wrote; choose another name, or replace it with --force\n")
        #expect(try Data(contentsOf: URL(filePath: packed)) == Data(bytes))
    }

    @Test("replaces it if that is asked for, but never its own model")
    func forced() throws {
        _ = try folder.write(Array("my thesis".utf8), to: "model.packed")
        #expect(try CommandLineRun(["convert", Self.model, packed, "--force"]).status == 0)
        let copy = try folder.write(try Data(contentsOf: URL(filePath: Self.model)), to: "model.onnx")
        try FileManager.default.linkItem(atPath: copy, toPath: folder.file("linked"))
        for output in [copy, folder.file("linked")] {
            expectRefusal(
                try CommandLineRun(["convert", copy, output, "--force"]), containing: "would replace the model")
        }
        #expect(try Data(contentsOf: URL(filePath: copy)) == Data(contentsOf: URL(filePath: Self.model)))
    }

    @Test("leaves nothing behind when the model isn't recognised or isn't there")
    func failures() throws {
        let text = try folder.write(Array("not a model".utf8), to: "model.onnx")
        for model in [text, folder.file("missing.onnx")] {
            expectRefusal(try convert(model), containing: model)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.onnx"])
    }

    @Test("names the output that can't be written, not the model")
    func unwritable() throws {
        let output = folder.file("missing/model.packed")
        let run = try CommandLineRun(["convert", Self.model, output])
        expectRefusal(run, containing: "emotion-cli: error: \(output): cannot be written: No such file or directory")
    }

    @Test("commands that read the graph say so of a packed model", arguments: ["convert", "verify"])
    func graph(command: String) throws {
        #expect(try convert().status == 0)
        let arguments = [
            "convert": ["convert", packed, folder.file("other")],
            "verify": ["verify", "--model", packed],
        ]
        let run = try CommandLineRun(try #require(arguments[command]))
        #expect(run.status == 2)
        #expect(
            run.errors
                == "emotion-cli: error: \(packed): is a packed model, which has no graph; name the model it was made "
                + "from\n")
    }

    @Test("a damaged or shortened packed model gets one line that names it", arguments: [0, 20, 3000, -5000, -1])
    func damage(at offset: Int) throws {
        #expect(try convert().status == 0)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: packed)))
        if offset == -1 { bytes.removeLast(4096) } else { bytes[offset < 0 ? bytes.count + offset : offset] ^= 0x40 }
        _ = try folder.write(bytes, to: "model.packed")
        let run = try CommandLineRun(["--model", packed, Self.speech])
        expectRefusal(run, containing: "emotion-cli: error: \(packed)")
    }
}
