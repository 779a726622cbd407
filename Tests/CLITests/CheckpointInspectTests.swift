import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("emotion-cli inspect, with checkpoints")
struct CheckpointInspectTests {
    /// What is said of a fixture.
    struct Expected: Sendable, CustomTestStringConvertible {
        let fixture: CheckpointFixture
        let lines: [String]
        /// How the parameters are stored, and how many are stored as they are.
        let stored: (form: String, parameters: Int)

        var testDescription: String { fixture.name }
    }

    private static let normalized =
        "input normalisation     to zero mean and unit variance, epsilon 1e-07"
    private static let expected = [
        Expected(
            fixture: .emotion,
            lines: [
                ": a checkpoint in a file, safetensors, 438,412 bytes",
                "74 tensors; config.json says Wav2Vec2ForSpeechClassification, wav2vec2", normalized,
                "head                    64 → 64, tanh, → logits [3]: arousal, dominance, valence",
            ], stored: ("float32", 71)),
        Expected(
            fixture: .emotionBin,
            lines: [
                ": a checkpoint in a file, saved by torch, 454,821 bytes",
                "74 tensors; config.json says Wav2Vec2ForSpeechClassification, wav2vec2", normalized,
                "head                    64 → 64, tanh, → logits [3]: arousal, dominance, valence",
            ], stored: ("float32", 71)),
        Expected(
            fixture: .ageGender,
            lines: [
                ": a checkpoint in a file, safetensors, 232,168 bytes",
                "stored as               float16 (75 parameters); computed in float32",
                "head                    64 → 64, tanh, → logits_age [1]: age",
                "head                    64 → 64, tanh, → logits_gender [3]: female, male, child",
            ], stored: ("float16", 75)),
        Expected(
            fixture: .weighted,
            lines: [
                "75 tensors; config.json says Wav2Vec2ForSequenceClassification, wav2vec2", normalized,
                "layer mix               weighted sum of 3 states, the last of them before the final norm",
                "head                    64 → 24, → logits [4]: neu, hap, ang, sad",
            ], stored: ("float32", 72)),
        Expected(
            fixture: .hubert,
            lines: [
                "74 tensors; config.json says HubertForSequenceClassification, hubert",
                "input normalisation     none", "head                    64 → 24, → logits [4]: neu, hap, ang, sad",
            ], stored: ("float32", 71)),
        Expected(
            fixture: .sharded,
            lines: [
                ": a checkpoint in 2 files, safetensors, 213,752 bytes",
                "70 tensors; config.json says Wav2Vec2Model, wav2vec2", normalized,
                "stored as               bfloat16 (67 parameters); computed in float32",
            ], stored: ("bfloat16", 67)),
    ]

    @Test("the text says what the files are and what network they make", arguments: expected)
    func text(expected: Expected) throws {
        for model in [expected.fixture.folder, expected.fixture.file] {
            let run = try CommandLineRun(["inspect", model])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errorLines == expected.fixture.notices)
            #expect(run.output.hasPrefix("\(model): a checkpoint in "))
            for line in expected.lines { #expect(run.output.contains("\(line)\n"), "\(line)\n\(run.output)") }
            #expect(run.output.contains("\nencoder                 2 layers of 4 heads × 16, feed-forward 128"))
            #expect(run.output.contains("stored as") == (expected.stored.form != "float32"))
            #expect(run.output.contains("\nhead ") == !expected.fixture.labels.isEmpty)
        }
    }

    @Test("JSON has every tensor, and which parameter it is", arguments: expected)
    func json(expected: Expected) throws {
        let run = try CommandLineRun(["inspect", expected.fixture.folder, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: run.outputBytes) as? [String: Any])
        let labels = try #require(object["labels"] as? [String: [String]])
        #expect(
            expected.fixture.outputs.flatMap { labels[$0] ?? [] }.suffix(expected.fixture.labels.count)
                == expected.fixture.labels[...])
        let stored = try #require((object["storedNumbers"] as? [[String: Any]])?.first)
        #expect(stored["form"] as? String == expected.stored.form)
        #expect(stored["parameters"] as? Int == expected.stored.parameters)
        let tensors = try #require(object["tensors"] as? [[String: Any]])
        #expect(tensors.allSatisfy { $0["type"] as? String == expected.stored.form })
        #expect(tensors.allSatisfy { $0["nonFinite"] as? Int == 0 })
        let parameters = try #require(object["parameterTensors"] as? [[String: Any]])
        // The weight of the positional convolution is computed from two tensors.
        let computed = parameters.filter { $0["tensor"] == nil }.compactMap { $0["name"] as? String }
        #expect(computed == ["encoder.pos_conv_embed.conv.weight"])
        #expect(parameters.count == expected.stored.parameters + 1)
        // Those two, and the embedding of masked frames, which is for training.
        #expect(tensors.count == expected.stored.parameters + 3)
        let size = try #require(object["fileBytes"] as? Int)
        #expect(run.output.contains("\"fileBytes\" : \(size)") && size > 200_000)
    }

    @Test("tensors and weights are those of the file")
    func tensors() throws {
        let fixture = CheckpointFixture.ageGender
        let table = try CommandLineRun(["inspect", fixture.folder, "--tensors", "--histogram"])
        #expect(table.status == 0, "\(table.errors)")
        #expect(table.output.contains("█"))
        #expect(table.output.contains("float16  [1, 64] ") && table.output.contains(" age.out_proj.weight = heads.0."))

        let folder = try TemporaryFolder()
        let path = folder.file("weights.npz")
        let list = "encoder.layers.1.attention.q_proj.weight,encoder.pos_conv_embed.conv.weight,heads.0.*"
        let run = try CommandLineRun(["inspect", fixture.file, "--weights", path, "--tensor", list])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errorLines.first == "emotion-cli: notice: \(path): wrote 6 of 76 parameters")
        let archive = try NPZArchive(contentsOf: path)
        #expect(archive.names.count == 6)
        // As Python's struct module reads the file.
        let expected: [Float] = [0.1971435546875, -0.09112548828125, 0.290771484375]
        let dense = try archive.array(named: "heads.0.dense.weight")
        #expect(dense.shape == [64, 64] && dense.float32?.prefix(3) == expected[...])
        #expect(try archive.array(named: "encoder.pos_conv_embed.conv.weight").shape == [64, 16, 16])
    }

    @Test("an architecture is drawn, and nodes are refused, as there is no graph")
    func chartAndNodes() throws {
        let folder = try TemporaryFolder()
        let chart = folder.file("architecture.svg")
        let run = try CommandLineRun(["inspect", CheckpointFixture.weighted.folder, "--chart", chart])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(try String(contentsOfFile: chart, encoding: .utf8).contains("classes-weighted"))
        let nodes = try CommandLineRun(["inspect", CheckpointFixture.weighted.folder, "--nodes"])
        expectRefusal(nodes, containing: "is a checkpoint, which has no graph; --nodes needs an .onnx file")
    }

    @Test("a packed model of a checkpoint names what it needs the checkpoint for")
    func packed() throws {
        let packed = try TemporaryFolder()
        let path = packed.file("model.packed")
        #expect(try CommandLineRun(["convert", CheckpointFixture.emotion.folder, path]).status == 0)
        let text = try CommandLineRun(["inspect", path])
        #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
        #expect(text.output.contains("need the model that it was made from"))
        #expect(text.output.contains("logits [3]: arousal, dominance, valence"))
        for command in [["verify", "-m", path], ["inspect", path, "--histogram"], ["inspect", path, "--nodes"]] {
            expectRefusal(try CommandLineRun(command), containing: "\(path): is a packed model", "name the model")
        }
    }
}
