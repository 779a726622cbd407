import Foundation
import TestSupport
import Testing

/// Which files of a folder are read, and where they may lie.
@Suite("Folders of checkpoints, as a process", .timeLimit(.minutes(2)))
struct CheckpointFolderTests {
    private static let speech = Fixtures.speech("14b01Na.wav")

    private func predict(_ model: String) throws -> CommandLineRun {
        try CommandLineRun(
            ["-m", model, "--outputs", "hidden_states", "--format", "jsonl", Self.speech], megabytes: 1000)
    }

    // MARK: Links

    /// As the hub's client lays it out: `snapshots/COMMIT/NAME` are links to `blobs/HASH`.
    @Test("the hub's cache is read through its links", arguments: CheckpointFixture.all)
    func cache(fixture: CheckpointFixture) throws {
        let (cache, copy) = (try TemporaryFolder(), try CheckpointCopy(of: fixture))
        let manager = FileManager.default
        let snapshot = cache.file("snapshots/0123456789abcdef")
        for folder in [cache.file("blobs"), snapshot] {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        for (number, name) in try copy.folder.contents().enumerated() {
            try manager.moveItem(atPath: copy.folder.file(name), toPath: cache.file("blobs/b\(number)"))
            try manager.createSymbolicLink(
                atPath: "\(snapshot)/\(name)", withDestinationPath: "../../blobs/b\(number)")
        }
        let expected = try predict(fixture.folder)
        #expect(expected.status == 0 && !expected.output.isEmpty, "\(expected.errors)")
        for model in [snapshot, "\(snapshot)/\(fixture.weights)"] {
            let run = try predict(model)
            #expect(run.status == 0 && run.output == expected.output, "\(run.errors)")
        }
    }

    @Test("a shard that is a link out of the folder is refused, and one to beside the index's own place is read")
    func shards() throws {
        let (copy, elsewhere) = (try CheckpointCopy(of: .sharded), try TemporaryFolder())
        let shard = "model-00001-of-00002.safetensors"
        try elsewhere.write(try copy.bytes(of: shard), to: "secret")
        try copy.link(shard, to: elsewhere.file("secret"))
        expectRefusal(
            try predict(copy.path), containing: "\(copy.folder.file(shard)): is a link that leads out of the ")

        let index = CheckpointFixture.sharded.weights
        try elsewhere.write(try copy.bytes(of: index), to: "index")
        try copy.link(index, to: elsewhere.file("index"))
        let run = try predict(copy.path)
        #expect(run.status == 0 && run.output.contains("hidden_states"), "\(run.errors)")
    }

    /// A single file of weights is where its link leads: that is its real place, whatever it is called there.
    @Test("weights may be a link to any file; one that leads nowhere, or to what is no file, is refused")
    func weights() throws {
        let (copy, elsewhere) = (try CheckpointCopy(), try TemporaryFolder())
        try elsewhere.write(try copy.bytes(of: "model.safetensors"), to: "weights")
        try copy.link("model.safetensors", to: elsewhere.file("weights"))
        let run = try predict(copy.path)
        #expect(run.status == 0 && run.output.contains("hidden_states"), "\(run.errors)")

        try copy.link("model.safetensors", to: elsewhere.file("nothing"))
        expectRefusal(try predict(copy.path), containing: "model.safetensors: cannot be opened: No such file")
        try copy.link("model.safetensors", to: elsewhere.path)
        expectRefusal(try predict(copy.path), containing: "model.safetensors: is a folder, not a file")
        try copy.link("model.safetensors", to: "/dev/zero")
        expectRefusal(try predict(copy.path), containing: "model.safetensors: is a device or a socket, not a file")
        try copy.link("model.safetensors", to: "model.safetensors")
        expectRefusal(try predict(copy.path), containing: "model.safetensors: cannot be opened: ")
    }

    @Test("a pipe is refused and not waited for", arguments: ["model.safetensors", "config.json"])
    func pipes(name: String) throws {
        let copy = try CheckpointCopy()
        try copy.remove(name)
        #expect(mkfifo(copy.folder.file(name), 0o600) == 0)
        expectRefusal(try predict(copy.path), containing: "\(name): is a pipe, not a file")
    }

    // MARK: Files that are not there

    @Test("a folder without weights, or without config.json, says which file is missing")
    func missing() throws {
        let copy = try CheckpointCopy()
        try copy.remove("config.json")
        for model in [copy.path, copy.folder.file("model.safetensors")] {
            expectRefusal(try predict(model), containing: "config.json: cannot be opened: No such file or directory")
        }
        let other = try CheckpointCopy()
        try other.remove("model.safetensors")
        expectRefusal(
            try predict(other.path), containing: "\(other.path): has no weights", "model.safetensors",
            "pytorch_model.bin")
        expectRefusal(try predict(other.folder.file("model.safetensors")), containing: "no such file or folder")
        for name in ["config.json", "preprocessor_config.json", "vocab.json"] {
            expectRefusal(try predict(other.folder.file(name)), containing: other.folder.file(name))
        }
    }

    @Test("weights of another name are named for what they are, and how they are read")
    func otherNames() throws {
        for fixture in [CheckpointFixture.emotion, .emotionBin] {
            let copy = try CheckpointCopy(of: fixture)
            let path = try copy.folder.write(copy.bytes(of: fixture.weights), to: "weights.pt")
            expectRefusal(
                try predict(path), containing: "\(path): is not an ONNX model: it is a checkpoint's weights (",
                "; name it \(fixture.weights), beside its config.json")
        }
    }

    @Test("a missing shard is named")
    func missingShard() throws {
        let copy = try CheckpointCopy(of: .sharded)
        try copy.remove("model-00002-of-00002.safetensors")
        expectRefusal(
            try predict(copy.path),
            containing: copy.folder.file("model-00002-of-00002.safetensors: cannot be opened: No such file"))
    }

    @Test(
        "an index is refused that names other places, no tensor, or tensors that aren't there",
        arguments: [
            (#"{"weight_map": {"w": "../x.safetensors"}}"#, "'../x.safetensors' is not the name of a file beside"),
            (#"{"weight_map": {"w": "/etc/passwd"}}"#, "'/etc/passwd' is not the name of a file beside"),
            (#"{"weight_map": {"w": "config.json"}}"#, "'config.json' is not the name of a file beside"),
            (#"{"weight_map": {"w": "model-00001-of-00002.safetensors"}}"#, "is not said by the index to be in"),
            (#"{"weight_map": {}}"#, "weight_map: an empty one is not an object of tensors' names and files"),
            (#"{"weight_map": "# + String(repeating: "[", count: 100_000), "nested more than 64 levels deep"),
            (#"{"weight_map": []}"#, "weight_map"), ("{}", "weight_map: is missing"), ("", "the text is not JSON"),
        ])
    func indexes(text: String, expected: String) throws {
        let copy = try CheckpointCopy(of: .sharded)
        try copy.folder.write(text.utf8, to: CheckpointFixture.sharded.weights)
        for output in [[], ["-o", copy.folder.file("out.jsonl")]] {
            let arguments = ["-m", copy.path, "--outputs", "hidden_states", "--format", "jsonl", Self.speech]
            expectRefusal(try CommandLineRun(arguments + output, megabytes: 1000), containing: expected)
        }
    }

    @Test("an .onnx file beside the weights is the model")
    func graphFirst() throws {
        let copy = try CheckpointCopy()
        try FileManager.default.copyItem(
            atPath: Fixtures.model("torch2.13-opset17"), toPath: copy.folder.file("model.onnx"))
        let run = try CommandLineRun(["inspect", copy.path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.hasPrefix(copy.folder.file("model.onnx")))
        let weights = try CommandLineRun(["inspect", copy.folder.file("model.safetensors")])
        #expect(weights.status == 0 && weights.output.contains(": a checkpoint in a file"), "\(weights.errors)")
    }
}
