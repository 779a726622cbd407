import Foundation
import NumPyFiles
import ONNXLoader
import TestSupport
import Testing

@Suite("emotion-cli verify")
struct VerifyTests {
    private static let model = Fixtures.model("torch1.10-opset11")

    @Test("the engine agrees with the graph, and unknown models have no published outputs")
    func graph() throws {
        let run = try CommandLineRun(["verify", "--model", Self.model])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("seeded noise (16000 samples)"))
        #expect(run.output.contains("this-is-wonderful.mp3"))
        #expect(run.output.contains("feature extractor 6") && run.output.contains("encoder layer 1"))
        #expect(run.output.contains("Published outputs: none are known for this model"))
        #expect(run.output.hasSuffix("PASS: all 5 checks\n"))
        #expect(run.errorLines.allSatisfy { $0.hasPrefix("emotion-cli: notice: running the graph on ") })
    }

    @Test("inputs of one's own, as JSON")
    func json() throws {
        let run = try CommandLineRun(["verify", "-m", Self.model, "--json", Fixtures.speech("14b01Na.wav")])
        #expect(run.status == 0, "\(run.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
        #expect(object["passed"] as? Bool == true)
        let signals = try #require(object["oracle"] as? [[String: Any]])
        #expect(signals.map { $0["signal"] as? String } == [Fixtures.speech("14b01Na.wav")])
        #expect(signals[0]["samples"] as? Int == 41_162)
        #expect((signals[0]["stages"] as? [Any])?.count == 15)
    }

    @Test("given arrays: those of the golden pass, others fail, and a broken file is an error")
    func reference() throws {
        let passed = try CommandLineRun([
            "verify", "-m", Self.model, "--reference", Fixtures.golden("torch1.10-opset11"),
        ])
        #expect(passed.status == 0, "\(passed.output)\(passed.errors)")
        #expect(passed.errors.isEmpty)

        let folder = try TemporaryFolder()
        let path = folder.file("wrong.npz")
        let writer = try NPZWriter(path: path)
        try writer.add(NPYArray(.float32([Float](repeating: 0, count: 400))), named: "signal")
        try writer.add(NPYArray(.float32([0, 0, 0])), named: "logits")
        try writer.finish()
        let failed = try CommandLineRun(["verify", "-m", Self.model, "--reference", path])
        #expect(failed.status == 1)
        #expect(failed.output.hasSuffix("FAIL: 1 of 1 checks\n"))

        let broken = try folder.write([1, 2, 3], to: "broken.npz")
        let refused = try CommandLineRun(["verify", "-m", Self.model, "--reference", broken])
        expectRefusal(refused, containing: broken)
    }

    @Test("layer by layer, also with given arrays")
    func layers() throws {
        let alone = try CommandLineRun(["verify", "-m", Self.model, "--layers", Fixtures.speech("14b01Na.wav")])
        #expect(alone.status == 0, "\(alone.errors)")
        #expect(alone.output.contains("engine - graph") && alone.output.contains("ulp"))
        #expect(alone.output.contains("engine and graph agree\n"))
        #expect(!alone.output.contains("reference"))

        let golden = Fixtures.golden("torch1.10-opset11")
        let run = try CommandLineRun(["verify", "-m", Self.model, "--layers", "--reference", golden, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errorLines.allSatisfy { $0.hasPrefix("emotion-cli: notice: running the graph on ") })
        let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
        let layers = try #require(object["layers"] as? [[String: Any]])
        #expect(layers.count == (object["reference"] as? [Any])?.count)
        let pairs = try #require(layers[0]["pairs"] as? [[String: Any]])
        #expect(
            pairs.map { "\($0["found"] ?? "") \($0["expected"] ?? "")" } == [
                "engine graph", "engine reference", "graph reference",
            ])
        let stage = try #require((pairs[0]["stages"] as? [[String: Any]])?.first)
        for key in ["stage", "shape", "difference", "ulp", "distance", "allowed"] {
            #expect(stage[key] != nil, "\(key)")
        }
    }

    @Test(
        "what states wrote, with the recordings that it is of",
        arguments: [["14b01Na.wav"], ["14b01Na.wav", "jfk.wav"]])
    func states(names: [String]) throws {
        let folder = try TemporaryFolder()
        let (recordings, path) = (names.map(Fixtures.speech), folder.file("states.npz"))
        let states = ["states", "-m", Self.model, "-o", path, "--attention"]
        #expect(try CommandLineRun(states + recordings).status == 0)
        let run = try CommandLineRun(["verify", "-m", Self.model, "--reference", path, "--json"] + recordings)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
        let signals = try #require(object["reference"] as? [[String: Any]])
        #expect(signals.map { $0["signal"] as? String } == recordings)
        #expect(signals.allSatisfy { ($0["stages"] as? [Any])?.count == 13 })

        let alone = try CommandLineRun(["verify", "-m", Self.model, "--reference", path])
        expectRefusal(alone, containing: "give the recordings")
        guard names.count == 1 else { return }
        let layers = try CommandLineRun(["verify", "-m", Self.model, "--layers", "--reference", path] + recordings)
        #expect(layers.status == 0, "\(layers.errors)")
        #expect(layers.output.contains("engine and reference agree\n"))
    }

    @Test("in whole numbers, with those tolerances, and beside float32", arguments: ["int16", "int8"])
    func precision(precision: String) throws {
        let command = ["verify", "-m", Self.model, "--precision", precision]
        let text = try CommandLineRun(command)
        #expect(text.status == 0, "\(text.output)\(text.errors)")
        #expect(text.output.contains("\n\(precision) against float32 of the same model, 5 signals\n"))
        #expect(text.output.contains("Unchanged are scores that move by less than 0.05.\n\nPASS: all 5 checks\n"))
        #expect(text.errorLines.allSatisfy { $0.hasPrefix("emotion-cli: notice: running the graph on ") })

        let golden = Fixtures.golden("torch1.10-opset11")
        let ways = [
            [Fixtures.speech("14b01Na.wav")], ["--layers", Fixtures.speech("14b01Na.wav")], ["--reference", golden],
            ["--layers", "--reference", golden],
        ]
        for way in ways {
            let run = try CommandLineRun(command + ["--json"] + way)
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
            let cost = try #require(object["againstFloat32"] as? [String: Any], "\(way)")
            #expect(cost["precision"] as? String == precision)
            let checked = (object["oracle"] as? [Any] ?? []).count
            #expect(cost["signals"] as? Int == (checked > 0 ? checked : (object["reference"] as? [Any])?.count))
            let outputs = try #require(cost["outputs"] as? [[String: Any]])
            #expect(outputs.map { $0["name"] as? String } == ["hidden_states", "logits"])
            for output in outputs {
                let (largest, rms) = (output["largest"] as? Double ?? 0, output["rms"] as? Double ?? 0)
                #expect(largest > rms && rms > 0)
            }
            #expect(outputs[1]["unchanged"] as? Double == 1)
        }
    }

    @Test("in float32 it says nothing of precisions")
    func float32() throws {
        let command = ["verify", "-m", Self.model, "--json", Fixtures.speech("14b01Na.wav")]
        let (plain, named) = (try CommandLineRun(command), try CommandLineRun(command + ["--precision", "float32"]))
        #expect(plain.status == 0 && plain.output == named.output)
        #expect(!plain.output.contains("againstFloat32"))
    }

    @Test("a corrupted weight is pointed out at its layer, with status 1")
    func corrupted() throws {
        let folder = try TemporaryFolder()
        let file = try ONNXModel(contentsOf: Self.model)
        let tensor = try #require(file.graph.initializers["wav2vec2.encoder.layers.0.final_layer_norm.weight"])
        let model = try CorruptedModel.write(Self.model, changing: tensor, by: 0.1, into: folder, as: "bad.onnx")
        let run = try CommandLineRun([
            "verify", "-m", model, "--layers", "--reference", Fixtures.golden("torch1.10-opset11"),
        ])
        #expect(run.status == 1)
        #expect(run.output.contains("The model file and the reference differ from encoder layer 0 on\n"))
        #expect(run.output.contains("engine and graph agree\n"))
        #expect(run.output.split(separator: "\n").last?.hasPrefix("FAIL: ") == true)
    }

    @Test(
        "what it cannot use ends with status 2 and one line",
        arguments: [
            ["-m", "/nonexistent"], ["-m", model, "/nonexistent.wav"], ["-m", model, "--reference", "a.npz", "b.wav"],
            ["-m", Fixtures.speech("jfk.wav")],
        ])
    func errors(arguments: [String]) throws {
        expectRefusal(try CommandLineRun(["verify"] + arguments))
    }
}
