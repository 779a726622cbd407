import Foundation
import NumPyFiles
import TestSupport
import Testing

/// A terminal acts on what some characters stand for: moves its cursor, hides text, sends answers. Names of a model, a
/// folder or a recording reach it escaped.
@Suite("What reaches a terminal")
struct TerminalTests {
    private let folder: TemporaryFolder
    /// A model whose head's output is called `lo`, escape, `[7m`.
    private let model: String
    private static let speech = Fixtures.speech("14b01Na.wav")

    init() throws {
        folder = try TemporaryFolder()
        var bytes = try Data(contentsOf: URL(filePath: Fixtures.model("torch2.13-opset17")))
        while let place = bytes.range(of: Data("logits".utf8)) {
            bytes.replaceSubrange(place, with: Data("lo\u{1B}[7m".utf8))
        }
        model = try folder.write(bytes, to: "model.onnx")
    }

    private func check(_ run: CommandLineRun, status: Int32 = 0, _ source: SourceLocation = #_sourceLocation) {
        #expect(run.status == status, "\(run.errors)", sourceLocation: source)
        let text = run.output + run.errors
        let isClean = text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
        #expect(isClean, "\(text.debugDescription)", sourceLocation: source)
        #expect(text.contains("\\u{1B}"), "\(text)", sourceLocation: source)
    }

    @Test(
        "names in a model are escaped",
        arguments: [
            ["predict", speech], ["predict", speech, "--outputs", "x"], ["inspect"],
            ["inspect", "--nodes", "--tensors", "--histogram"], ["verify", speech], ["verify", "--layers", speech],
            ["profile", "--seconds", "0.1", "--repeats", "1", "--depth", "3"],
        ])
    func names(arguments: [String]) throws {
        let isInspect = arguments[0] == "inspect"
        let run = try CommandLineRun(arguments + (isInspect ? [model] : ["--model", model]))
        check(run, status: arguments.contains("--outputs") ? 2 : 0)
    }

    @Test("names in a packed model are escaped")
    func packed() throws {
        let packed = folder.file("model.packed")
        #expect(try CommandLineRun(["convert", model, packed]).status == 0)
        check(try CommandLineRun(["inspect", packed]))
        check(try CommandLineRun(["predict", "--model", packed, Self.speech]))
    }

    @Test("labels in a folder's description are escaped")
    func labels() throws {
        let home = folder.file("home")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: Fixtures.model("torch2.13-opset17"), toPath: home + "/model.onnx")
        let yaml = """
            $audonnx.core.model.Model==0.3.2:
              path: model.onnx
              labels:
                logits: ["\\e[31mred", "a\\nb", "c\\u202Ed"]
            """
        try Data(yaml.utf8).write(to: URL(filePath: home + "/model.yaml"))
        let run = try CommandLineRun(["predict", "--model", home, Self.speech])
        check(run)
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.output.contains("a\\nb") && run.output.contains("c\\u{202E}d"))
        check(try CommandLineRun(["inspect", home]))
    }

    @Test("names of recordings are escaped, in rows and in errors")
    func recordings() throws {
        let name = folder.file("a\u{1B}]0;b\u{7}\nc.wav")
        try FileManager.default.copyItem(atPath: Self.speech, toPath: name)
        let run = try CommandLineRun(["predict", "--model", Fixtures.model("torch2.13-opset17"), name])
        check(run)
        #expect(run.output.split(separator: "\n").count == 1)
        check(
            try CommandLineRun(["predict", "--model", Fixtures.model("torch2.13-opset17"), name + "x"]), status: 1)
    }

    @Test("names in a reference are escaped")
    func reference() throws {
        let path = folder.file("reference.npz")
        let writer = try NPZWriter(path: path)
        try writer.add(NPYArray(.float32([Float](repeating: 0, count: 400))), named: "a\u{1B}b/signal")
        try writer.add(NPYArray(.float32([0, 0, 0])), named: "a\u{1B}b/logits")
        try writer.finish()
        let plain = Fixtures.model("torch2.13-opset17")
        check(try CommandLineRun(["verify", "--model", plain, "--reference", path]), status: 1)
        check(try CommandLineRun(["verify", "--model", model, "--reference", path]), status: 2)
    }
}
