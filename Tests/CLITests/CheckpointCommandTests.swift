import Foundation
import NumPyFiles
import TestSupport
import Testing

@Suite("emotion-cli states, profile and verify, with checkpoints")
struct CheckpointCommandTests {
    /// The most that a state of a tiny network may differ from float64, as for exports.
    private static let tolerance = 2e-5
    private static let speech = Fixtures.speech("14b01Na.wav")

    // MARK: states

    @Test("states are those of transformers, under their names", arguments: CheckpointFixture.all)
    func states(fixture: CheckpointFixture) throws {
        let folder = try TemporaryFolder()
        let (input, output) = (
            try fixture.write(CheckpointFixture.layerSignal, into: folder), folder.file("states.npz")
        )
        let run = try CommandLineRun(["states", "-m", fixture.folder, "-o", output, input])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(fixture.notices(of: run) == fixture.notices)

        let (archive, golden) = (try NPZArchive(contentsOf: output), try fixture.golden())
        let input0 = fixture.name == "classes-hubert" ? [] : ["input_normalization"]
        let mix = fixture.name == "classes-weighted" ? ["layer_mix"] : []
        #expect(
            archive.names == input0 + (0..<7).map { "feature_extractor.conv_layers.\($0)" }
                + ["extract_features", "feature_projection"] + (0...2).map { "hidden_states.\($0)" }
                + ["last_hidden_state"] + mix + fixture.outputs)
        for number in 0..<CheckpointFixture.layers {
            let array = try archive.array(named: "hidden_states.\(number)")
            let expected = try golden.array(named: "layers/\(number)")
            #expect(array.shape == [1] + expected.shape)
            let values = try (#require(array.float32), #require(expected.float64))
            #expect(largestDifference(values.0, values.1) <= Self.tolerance, "layers/\(number)")
        }
    }

    @Test("the normalised input has mean 0 and variance 1")
    func normalization() throws {
        let folder = try TemporaryFolder()
        let fixture = CheckpointFixture.emotion
        let (input, output) = (try fixture.write("offset", into: folder), folder.file("states.npz"))
        let run = try CommandLineRun([
            "states", "-m", fixture.folder, "-o", output, "--stages", "input_normalization", input,
        ])
        #expect(run.status == 0, "\(run.errors)")
        let values = try #require(try NPZArchive(contentsOf: output).array(named: "input_normalization").float32)
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
        /// The epsilon of 1e-7 beside a variance of 1e-4, and float32.
        let tolerance = 2e-3
        #expect(values.count == 9000)
        #expect(abs(mean) <= tolerance && abs(variance - 1) <= tolerance, "\(mean) \(variance)")
    }

    // MARK: profile

    @Test("profile shows the tree of the network", arguments: CheckpointFixture.all)
    func profile(fixture: CheckpointFixture) throws {
        let run = try CommandLineRun([
            "profile", "--model", fixture.file, "--seconds", "0.5", "--threads", "2", "--repeats", "1",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errorLines == fixture.notices)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "model    \(fixture.file)")
        #expect(lines.contains { $0.hasPrefix("network") })
        #expect(lines.contains { $0.hasPrefix("  input normalisation") } == (fixture.name != "classes-hubert"))
        #expect(lines.contains { $0.contains("layer mix") } == (fixture.name == "classes-weighted"))
        #expect(lines.contains { $0.hasPrefix("    layer 1") })
    }

    // MARK: verify

    @Test("the engine agrees with a literal run of the checkpoint", arguments: CheckpointFixture.all)
    func verify(fixture: CheckpointFixture) throws {
        let folder = try TemporaryFolder()
        let input = try fixture.write("noise16000", into: folder)
        let run = try CommandLineRun(["verify", "--model", fixture.folder, input])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(
            run.errorLines == fixture.notices
                + ["emotion-cli: notice: running the checkpoint's network on \(input), 16000 samples"])
        #expect(run.output.contains("(16000 samples) against the checkpoint, computed in double precision: PASS\n"))
        #expect(run.output.hasSuffix("PASS: all 1 checks\n"))
        let stages = ["feature extractor 6", "encoder layer 1", "final norm"] + fixture.outputs
        for stage in stages { #expect(run.output.contains("\n  \(stage) "), "\(stage)") }

        let layers = try CommandLineRun(["verify", "-m", fixture.file, "--layers", "--json", input])
        #expect(layers.status == 0, "\(layers.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: layers.outputBytes) as? [String: Any])
        #expect(object["passed"] as? Bool == true)
        #expect((object["layers"] as? [Any])?.count == 1)
    }

    @Test("without inputs, noise and speech are run")
    func standardSignals() throws {
        let run = try CommandLineRun(["verify", "-m", CheckpointFixture.emotionBin.folder])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("this-is-wonderful.mp3"))
        #expect(run.output.split(separator: "\n").last?.hasPrefix("PASS: all ") == true)
        #expect(run.errorLines.count > 1)
        #expect(
            run.errorLines.allSatisfy { $0.hasPrefix("emotion-cli: notice: running the checkpoint's network on ") })
    }

    /// The golden with its states under the names that `--reference` takes.
    private func writeReference(_ fixture: CheckpointFixture, in folder: TemporaryFolder) throws -> String {
        let (golden, path) = (try fixture.golden(), folder.file("reference.npz"))
        let writer = try NPZWriter(path: path)
        for name in golden.names {
            let isLayer = name.hasPrefix("layers/")
            try writer.add(
                try golden.array(named: name), named: isLayer ? "layers/hidden_states.\(name.dropFirst(7))" : name)
        }
        try writer.finish()
        return path
    }

    @Test("the engine agrees with what transformers computes", arguments: CheckpointFixture.all)
    func reference(fixture: CheckpointFixture) throws {
        let folder = try TemporaryFolder()
        let path = try writeReference(fixture, in: folder)
        let run = try CommandLineRun(["verify", "-m", fixture.folder, "--reference", path])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.errorLines == fixture.notices)
        #expect(run.output.hasSuffix("PASS: all 5 checks\n"))
        for number in 0..<CheckpointFixture.layers { #expect(run.output.contains("hidden_states.\(number) ")) }
    }

    @Test("another checkpoint's numbers fail, and a golden with other names is refused")
    func otherReference() throws {
        let folder = try TemporaryFolder()
        let path = try writeReference(.emotion, in: folder)
        let run = try CommandLineRun(["verify", "-m", CheckpointFixture.emotionBin.folder, "--reference", path])
        #expect(run.status == 1)
        #expect(run.errors.isEmpty)
        #expect(run.output.hasSuffix("FAIL: 5 of 5 checks\n"), "\(run.output)")

        let fixture = CheckpointFixture.emotion
        let unknown = try CommandLineRun([
            "verify", "-m", fixture.folder, "--reference", "\(fixture.folder)/golden.npz",
        ])
        expectRefusal(unknown, containing: "layers/0", "hidden_states.0")
    }
}
