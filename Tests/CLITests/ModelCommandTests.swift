import Foundation
import StandInModel
import TestSupport
import Testing

@Suite("emotion-cli inspect and standin")
struct ModelCommandTests {
    static let smallSizes = [
        "--hidden", "64", "--layers", "1", "--heads", "4", "--feed-forward", "96", "--channels", "16",
        "--positional-kernel", "16", "--positional-groups", "4",
    ]

    @Test("inspect shows the architecture, and every node's place in it", arguments: Fixtures.modelNames)
    func inspect(name: String) throws {
        let text = try CommandLineRun(["inspect", Fixtures.model(name), "--nodes", "--tensors"])
        #expect(text.status == 0)
        #expect(text.output.contains("layers of 4 heads × 16, feed-forward 128"))
        #expect(text.output.contains("encoder.layers.1.attention"))

        let json = try CommandLineRun(["inspect", Fixtures.model(name), "--json"])
        let object = try #require(try JSONSerialization.jsonObject(with: json.outputBytes) as? [String: Any])
        let architecture = try #require(object["architecture"] as? [String: Any])
        #expect(architecture["hiddenSize"] as? Int == 64)
        let layers = name.contains("agegender") ? 3 : name.contains("spiky") ? 4 : 2
        #expect(architecture["encoderLayers"] as? Int == layers)
        let nodes = try #require(object["nodes"] as? [[String: Any]])
        #expect(nodes.allSatisfy { ["folded", "plumbing", "layer"].contains($0["kind"] as? String) })
        #expect(nodes.contains { ($0["module"] as? String ?? "").contains("encoder.layers.0.attention") })
    }

    @Test(
        "a graph that isn't recognised is refused by its file's and its node's name", arguments: ["inspect", "predict"])
    func refusedGraph(command: String) throws {
        let scratch = try TemporaryFolder()
        // The first LayerNorm's epsilon, 1e-5, becomes 1e-3.
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: Fixtures.model("torch1.10-opset11"))))
        let epsilon = withUnsafeBytes(of: Float(1e-5).bitPattern.littleEndian, Array.init)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: epsilon) })
        bytes.replaceSubrange(
            place..<place + 4, with: withUnsafeBytes(of: Float(1e-3).bitPattern.littleEndian, Array.init))
        let file = try scratch.write(bytes, to: "changed.onnx")
        let speech = command == "predict" ? [Fixtures.speech("14b01Na.wav")] : []
        let run = try CommandLineRun([command] + (command == "predict" ? ["-m"] : []) + [file] + speech)
        #expect(run.status == 2)
        #expect(run.errorLines.count == 1)
        #expect(run.errors.hasPrefix("emotion-cli: error: \(file): "))
        #expect(run.errors.contains("epsilon"))
    }

    @Test("inspect says why a file is no model")
    func inspectRefuses() throws {
        let run = try CommandLineRun(["inspect", Fixtures.speech("jfk.wav")])
        expectRefusal(run, containing: "jfk.wav")
    }

    @Test("standin writes a model that scores, and says that its numbers mean nothing")
    func standIn() throws {
        let scratch = try TemporaryFolder()
        let folder = scratch.file("model")
        let made = try CommandLineRun(["standin", folder, "--seed", "7"] + Self.smallSizes)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.errors.contains(StandIn.notice))
        for command in [["predict", "-m", folder, Fixtures.speech("14b01Na.wav")], ["inspect", folder]] {
            let run = try CommandLineRun(command)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errorLines.contains { $0.contains(StandIn.notice) })
            #expect(run.output.contains("arousal"))
        }
        let refused = try CommandLineRun(["standin", scratch.file("other"), "--heads", "7"])
        expectRefusal(refused)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("other/model.onnx")))
    }

    @Test("the version and the help go to standard output")
    func help() throws {
        let version = try CommandLineRun(["--version"])
        #expect(version.status == 0 && version.output.split(separator: ".").count == 3)
        let help = try CommandLineRun(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("predict") && help.errors.isEmpty)
    }

    @Test(
        "examples are a line each, as they are typed",
        arguments: ["predict", "profile", "states", "inspect", "verify", "bench", "convert", "standin", "worker"])
    func examples(command: String) throws {
        let help = try CommandLineRun(["help", command])
        let lines = help.output.components(separatedBy: "\n")
        // Lines of more than 80 columns are broken, and what is left of them isn't indented.
        let examples = lines.drop { $0 != "EXAMPLES" }.dropFirst().prefix { !$0.isEmpty }
        #expect(examples.allSatisfy { $0.hasPrefix("  ") && $0.contains("emotion-cli") }, "\(examples)")
    }
}
