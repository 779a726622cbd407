import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("emotion-cli predict and convert, with checkpoints")
struct CheckpointPredictTests {
    /// float32 rounding through the whole of a tiny network, whose outputs are at most about 3.
    private static let tolerance = 5e-6
    private static let speech = Fixtures.speech("14b01Na.wav")

    /// Every output of a recording, as a line of JSON.
    private func outputs(
        _ fixture: CheckpointFixture, _ model: String, _ recordings: [String] = [speech], in folder: URL? = nil
    ) throws -> CommandLineRun {
        let outputs = fixture.outputs.joined(separator: ",")
        return try CommandLineRun(
            ["predict", "-m", model, "--outputs", outputs, "--format", "jsonl"] + recordings, folder: folder)
    }

    @Test("gives what transformers computes", arguments: CheckpointFixture.all)
    func goldens(fixture: CheckpointFixture) throws {
        let scratch = try TemporaryFolder()
        let (golden, output) = (try fixture.golden(), scratch.file("out.npz"))
        let inputs = try CheckpointFixture.signals.map { try fixture.write($0, into: scratch) }
        let run = try CommandLineRun(
            [
                "predict", "--model", fixture.folder, "--outputs", fixture.outputs.joined(separator: ","), "--format",
                "npz", "--output", output,
            ] + inputs)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(fixture.notices(of: run) == fixture.notices)
        let archive = try NPZArchive(contentsOf: output)
        #expect(Set(archive.names) == Set(fixture.outputs + ["file", "start", "end"]))
        for name in fixture.outputs {
            let array = try archive.array(named: name)
            let values = try #require(array.float32)
            let size = values.count / inputs.count
            #expect(array.shape == [inputs.count, size])
            for (row, signal) in CheckpointFixture.signals.enumerated() {
                let expected = try #require(try golden.array(named: "\(signal)/\(name)").float64)
                let difference = largestDifference(values[row * size..<(row + 1) * size], expected)
                #expect(difference <= Self.tolerance, "\(signal) \(name)")
            }
        }
    }

    @Test("a file of the folder stands for the folder, however it is named", arguments: CheckpointFixture.all)
    func files(fixture: CheckpointFixture) throws {
        let whole = try outputs(fixture, fixture.folder)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.output.contains("hidden_states"))
        #expect(whole.errorLines == fixture.notices)
        for model in [fixture.file, "\(fixture.folder)/", ".", fixture.weights, "./\(fixture.weights)"] {
            let run = try outputs(fixture, model, in: URL(filePath: fixture.folder))
            #expect(run.status == 0 && run.output == whole.output, "\(model): \(run.errors)")
        }
        let named = try CommandLineRun([Self.speech], environment: ["EMOTION_MODEL": fixture.file])
        #expect(named.status == 0, "\(named.errors)")
    }

    @Test("scores have the names of id2label", arguments: CheckpointFixture.all)
    func labels(fixture: CheckpointFixture) throws {
        let outputs = fixture.outputs.filter { $0 != "hidden_states" }
        guard !outputs.isEmpty else {
            let run = try CommandLineRun(["-m", fixture.folder, "--outputs", "logits", Self.speech])
            return expectRefusal(run, containing: "logits", "hidden_states")
        }
        let arguments = ["-m", fixture.folder, "--outputs", outputs.joined(separator: ","), Self.speech]
        let table = try CommandLineRun(arguments + ["--format", "csv"])
        #expect(table.status == 0, "\(table.errors)")
        let header = table.output.split(separator: "\n").first?.split(separator: ",").map(String.init)
        #expect(header == ["file", "start", "end"] + fixture.labels)
    }

    @Test("a packed model gives the same bits", arguments: CheckpointFixture.all)
    func packed(fixture: CheckpointFixture) throws {
        let folder = try TemporaryFolder()
        let recordings = ["14b01Na.wav", "jfk.wav"].map(Fixtures.speech)
        let expected = try outputs(fixture, fixture.folder, recordings)
        #expect(expected.status == 0 && expected.output.contains("hidden_states"), "\(expected.errors)")
        for (model, name) in [(fixture.folder, "folder.packed"), (fixture.file, "file.packed")] {
            let packed = folder.file(name)
            let run = try CommandLineRun(["convert", model, packed])
            #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
            #expect(
                run.errorLines == fixture.notices + ["emotion-cli: notice: \(packed): wrote a packed model in float32"])
            let found = try outputs(fixture, packed, recordings)
            #expect(found.status == 0 && found.errors.isEmpty, "\(found.errors)")
            #expect(found.output == expected.output)
        }
        #expect(try folder.contents() == ["file.packed", "folder.packed"])
    }

    @Test("without preprocessor_config.json signals are normalised, and a notice says so")
    func unknownNormalization() throws {
        let copy = try CheckpointCopy()
        let with = try outputs(.emotion, copy.path)
        try copy.remove("preprocessor_config.json")
        let without = try outputs(.emotion, copy.path)
        #expect(with.status == 0 && with.errors.isEmpty, "\(with.errors)")
        #expect(without.status == 0 && without.output == with.output)
        #expect(without.errorLines.count == 1)
        #expect(
            without.errors.hasPrefix("emotion-cli: notice: \(copy.path): no preprocessor_config.json; "),
            "\(without.errors)")
        try copy.folder.write("{\"do_normalize\": false}".utf8, to: "preprocessor_config.json")
        let raw = try outputs(.emotion, copy.path)
        #expect(raw.status == 0 && raw.errors.isEmpty)
        #expect(raw.output != with.output && raw.output.contains("hidden_states"))
    }

    @Test("of transformers 4, the last state of a weighted sum is taken after the final norm, and a notice says so")
    func transformers4() throws {
        let copy = try CheckpointCopy(of: .weighted)
        let later = try outputs(.weighted, copy.path)
        try copy.configure("transformers_version", "\"4.46.0\"")
        let earlier = try outputs(.weighted, copy.path)
        #expect(later.status == 0 && later.errors.isEmpty, "\(later.errors)")
        #expect(earlier.status == 0 && earlier.output.contains("hidden_states"))
        #expect(earlier.output != later.output)
        #expect(earlier.errorLines.count == 1)
        #expect(earlier.errors.contains("after the final norm, as by transformers 4"), "\(earlier.errors)")
    }

    @Test(
        "no output replaces a file of the checkpoint",
        arguments: [
            "config.json", "preprocessor_config.json", "model.safetensors.index.json",
            "model-00002-of-00002.safetensors",
        ])
    func protected(name: String) throws {
        let copy = try CheckpointCopy(of: .sharded)
        let before = try copy.bytes(of: name)
        for command in [
            ["predict", "-m", copy.path, "--outputs", "hidden_states", "--format", "csv", "-o"],
            ["states", "-m", copy.folder.file(CheckpointFixture.sharded.weights), "-o"],
        ] {
            let run = try CommandLineRun(command + [copy.folder.file(name), "--force", Self.speech])
            expectRefusal(run, containing: copy.folder.file(name), "would replace the model")
        }
        let packed = try CommandLineRun(["convert", copy.path, copy.folder.file(name), "--force"])
        expectRefusal(packed, containing: "would replace the model")
        #expect(try copy.bytes(of: name) == before)
    }
}
