import Foundation
import NumPyFiles
import ONNXLoader
import TestSupport
import Testing
import W2V2Engine
import W2V2Recognition

@testable import emotion_cli

@Suite("emotion-cli inspect, in depth")
struct InspectTests {
    private let folder: TemporaryFolder
    private static let model = Fixtures.model("torch1.10-opset11")

    init() throws { folder = try TemporaryFolder() }

    private func object(_ run: CommandLineRun) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
    }

    @Test("the text has parts, and what was fused, folded and left out")
    func text() throws {
        let run = try CommandLineRun(["inspect", Self.model])
        #expect(run.status == 0 && run.errors.isEmpty)
        let lines = run.output.split(separator: "\n")
        let fused = try #require(lines.first { $0.hasPrefix("fused ") })
        #expect(fused.contains("13 LayerNorm of 9 nodes") && fused.contains("10 GELU of 5 nodes"))
        #expect(lines.contains { $0.hasPrefix("folded ") && $0.contains("Constant") })
        #expect(lines.contains { $0.hasPrefix("left out ") && $0.contains("size arithmetic") })
        #expect(lines.contains { $0.hasPrefix("encoder.layers.*.feed_forward ") })
        #expect(lines.contains { $0.hasPrefix("all ") && $0.contains("107,427") })
    }

    @Test("tensors have statistics, and histograms on request")
    func tensors() throws {
        let plain = try CommandLineRun(["inspect", Self.model, "--tensors"])
        #expect(plain.status == 0)
        #expect(plain.output.contains("deviation") && !plain.output.contains("histogram"))
        #expect(plain.output.contains(" = encoder.layers.0.attention.q_proj.weight\n"))
        let bars = try CommandLineRun(["inspect", Self.model, "--histogram"])
        #expect(bars.status == 0)
        #expect(bars.output.contains("histogram") && bars.output.contains("█"))
        #expect(TensorTable.bars([0, 1, 4, 8]) == " ▂▅█")
        #expect(TensorTable.bars([0, 0]) == "  ")
    }

    /// The part of the JSON object with the tensors.
    private struct TensorFigures: Decodable {
        struct Row: Decodable {
            let name: String
            let shape: [Int]
            let nonFinite: Int
            let mean: Double
            let deviation: Double
            let minimum: Double
            let maximum: Double
        }

        let tensors: [Row]
    }

    @Test("JSON has everything", arguments: Fixtures.modelNames)
    func json(name: String) throws {
        let run = try CommandLineRun(["inspect", Fixtures.model(name), "--json"])
        #expect(run.status == 0 && run.errors.isEmpty)
        let object = try object(run)
        let parameters = try #require(object["parameters"] as? Int)
        #expect(object["parameterBytes"] as? Int == 4 * parameters)
        let parts = try #require(object["parts"] as? [[String: Any]])
        #expect(parts.compactMap { $0["parameters"] as? Int }.reduce(0, +) == parameters)

        let file = try ONNXModel(contentsOf: Fixtures.model(name))
        let tensors = try #require(object["tensors"] as? [[String: Any]])
        #expect(Set(tensors.compactMap { $0["name"] as? String }) == Set(file.graph.initializers.keys))
        // JSONSerialization reads some numbers a step of Double beside what is written; JSONDecoder doesn't.
        let figures = try JSONDecoder().decode(TensorFigures.self, from: run.outputBytes).tensors
        #expect(figures.count == tensors.count)
        for tensor in figures {
            let stored = try #require(file.graph.initializers[tensor.name])
            let statistics = try stored.statistics()
            #expect(tensor.shape == stored.shape && tensor.nonFinite == 0)
            #expect(tensor.mean == statistics.mean && tensor.deviation == statistics.deviation)
            #expect(tensor.minimum == statistics.minimum && tensor.maximum == statistics.maximum)
        }

        let named = try #require(object["parameterTensors"] as? [[String: Any]])
        let places = Dictionary(
            uniqueKeysWithValues: named.map { ($0["name"] as? String ?? "", $0["tensor"] as? String) })
        for tensor in tensors where tensor["parameter"] != nil {
            let parameter = try #require(tensor["parameter"] as? String)
            #expect(places[parameter] == tensor["name"] as? String)
        }

        let nodes = try #require(object["nodes"] as? [[String: Any]])
        #expect(nodes.count == file.graph.nodes.count)
        let operations = try #require(object["operations"] as? [[String: Any]])
        for (index, node) in nodes.enumerated() {
            #expect((node["fusedInto"] != nil) == (node["kind"] as? String == "layer"))
            guard let place = node["fusedInto"] as? Int else { continue }
            #expect((operations[place]["nodes"] as? [Int])?.contains(index) == true)
            #expect(operations[place]["module"] as? String == node["module"] as? String)
        }
        let states = try #require(object["states"] as? [[String: Any]])
        let values = Set(file.graph.nodes.flatMap(\.outputs))
        #expect(states.allSatisfy { values.contains($0["value"] as? String ?? "") })
        #expect(states.contains { $0["name"] as? String == "last_hidden_state" })
    }

    @Test("exported weights are the file's, bit for bit", arguments: Fixtures.modelNames)
    func weights(name: String) throws {
        let path = folder.file("weights.npz")
        let run = try CommandLineRun(["inspect", Fixtures.model(name), "--weights", path])
        #expect(run.status == 0)
        let parameters = try RecognizedModel(recognizing: ONNXModel(contentsOf: Fixtures.model(name))).parameters
        #expect(
            run.errors == "emotion-cli: notice: \(path): wrote \(parameters.count) of \(parameters.count) parameters\n")
        let archive = try NPZArchive(contentsOf: path)
        #expect(archive.names == parameters.map(\.name))
        for parameter in parameters {
            let array = try archive.array(named: parameter.name)
            #expect(array.shape == parameter.shape)
            let stored = try parameter.tensor.floats()
            let found = try #require(array.float32).map(\.bitPattern)
            guard parameter.isTransposed else {
                #expect(found == stored.map(\.bitPattern), "\(parameter.name)")
                continue
            }
            let (rows, columns) = (parameter.tensor.shape[0], parameter.tensor.shape[1])
            let exchanged = (0..<columns).flatMap { column in (0..<rows).map { stored[$0 * columns + column] } }
            #expect(array.shape == [columns, rows])
            #expect(found == exchanged.map(\.bitPattern), "\(parameter.name)")
        }
    }

    @Test("names and patterns choose weights")
    func choice() throws {
        let path = folder.file("some.npz")
        let list = "encoder.layer_norm.bias, encoder.layers.*.attention.q_proj.weight,heads.0.out_proj.*"
        let run = try CommandLineRun(["inspect", Self.model, "--weights", path, "--tensor", list])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try NPZArchive(contentsOf: path).names == [
                "encoder.layers.0.attention.q_proj.weight", "encoder.layers.1.attention.q_proj.weight",
                "encoder.layer_norm.bias", "heads.0.out_proj.weight", "heads.0.out_proj.bias",
            ])
    }

    @Test("what can't be done ends with status 2, one line, and no file")
    func refusals() throws {
        let path = folder.file("none.npz")
        let unknown = try CommandLineRun(["inspect", Self.model, "--weights", path, "--tensor", "encoder.layers.7.*"])
        expectRefusal(unknown, containing: "encoder.layers.7.*")
        let alone = try CommandLineRun(["inspect", Self.model, "--tensor", "encoder.layer_norm.bias"])
        expectRefusal(alone)
        let nowhere = try CommandLineRun(["inspect", Self.model, "--weights", folder.file("no/such/folder.npz")])
        #expect(nowhere.status == 2 && nowhere.errorLines.count == 1)
        #expect(try folder.contents().isEmpty)
    }

    @Test("a packed model has its architecture and its blocks, and says what only the .onnx has")
    func packed() throws {
        let packed = folder.file("model.packed")
        #expect(try CommandLineRun(["convert", Self.model, packed]).status == 0)
        let text = try CommandLineRun(["inspect", packed, "--tensors"])
        #expect(text.status == 0 && text.errors.isEmpty)
        #expect(text.output.contains("2 layers of 4 heads × 16, feed-forward 128"))
        #expect(text.output.contains("float32  49,152  encoder.layers.0.attention.{q_proj,k_proj,v_proj}.weight"))
        #expect(text.output.contains("need the model that it was made from"))

        let whole = try object(CommandLineRun(["inspect", Self.model, "--json"]))
        let object = try object(CommandLineRun(["inspect", packed, "--json"]))
        for key in ["architecture", "labels", "parts"] {
            #expect(object[key] as? NSObject == whole[key] as? NSObject, "\(key)")
        }
        #expect((object["blocks"] as? [Any])?.isEmpty == false && object["tensors"] == nil)

        for option in [["--nodes"], ["--histogram"], ["--weights", folder.file("w.npz")]] {
            let run = try CommandLineRun(["inspect", packed] + option)
            expectRefusal(run, containing: "\(packed): is a packed model", option[0])
        }
        #expect(try folder.contents() == ["model.packed"])
    }

    @Test("a tensor that is not finite is shown as such, and a folder is as good as its file")
    func notFinite() throws {
        let tensor = try #require(
            try ONNXModel(contentsOf: Self.model).graph.initializers["wav2vec2.encoder.layer_norm.bias"])
        let path = try CorruptedModel.write(Self.model, changing: tensor, by: .nan, into: folder, as: "model.onnx")
        let run = try CommandLineRun(["inspect", folder.path, "--tensors"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix(path))
        #expect(run.output.contains("wav2vec2.encoder.layer_norm.bias (1 not finite)"))
    }
}
