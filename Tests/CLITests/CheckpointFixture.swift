import Foundation
import NumPyFiles
import TestSupport
import Testing

/// One of the folders among the fixtures that are as the hub has them, and what transformers computes from its weights
/// in float64.
struct CheckpointFixture: Sendable, CustomTestStringConvertible {
    let name: String
    /// The file that holds the weights, or their index.
    var weights = "model.safetensors"
    let outputs: [String]
    /// What the numbers of the heads are called.
    let labels: [String]
    /// What is said of the model beside the results.
    var notices: [String] = []

    static let emotion = CheckpointFixture(
        name: "emotion", outputs: ["hidden_states", "logits"], labels: ["arousal", "dominance", "valence"])
    static let emotionBin = CheckpointFixture(
        name: "emotion-bin", weights: "pytorch_model.bin", outputs: ["hidden_states", "logits"],
        labels: ["arousal", "dominance", "valence"])
    static let ageGender = CheckpointFixture(
        name: "agegender-float16", outputs: ["hidden_states", "logits_age", "logits_gender"],
        labels: ["age", "female", "male", "child"],
        notices: [
            "emotion-cli: notice: logits_gender are the head's own numbers, as in the ONNX file; the hub's code shows "
                + "their softmax"
        ])
    static let weighted = CheckpointFixture(
        name: "classes-weighted", outputs: ["hidden_states", "logits"], labels: ["neu", "hap", "ang", "sad"])
    static let hubert = CheckpointFixture(
        name: "classes-hubert", outputs: ["hidden_states", "logits"], labels: ["neu", "hap", "ang", "sad"])
    static let sharded = CheckpointFixture(
        name: "encoder-sharded-bfloat16", weights: "model.safetensors.index.json", outputs: ["hidden_states"],
        labels: [])

    static let all = [emotion, emotionBin, ageGender, weighted, hubert, sharded]

    /// The signals of the goldens.
    static let signals = ["noise400", "noise16000", "noise25391", "offset", "speech"]
    /// The one that the goldens have the states of.
    static let layerSignal = "noise25391"
    static let layers = 3

    var folder: String { Fixtures.checkpoint(name) }
    var file: String { "\(folder)/\(weights)" }
    var testDescription: String { name }

    /// `SIGNAL/signal`, `SIGNAL/OUTPUT` and `layers/N`.
    func golden() throws -> NPZArchive { try NPZArchive(contentsOf: "\(folder)/golden.npz") }

    /// What a run said on standard error, but for the signals of the goldens, which reach beyond 1.
    func notices(of run: CommandLineRun) -> [String] {
        run.errorLines.filter { !$0.hasSuffix("about -1 to 1 is expected") }
    }

    /// Writes a signal as a file, and returns its path.
    func write(_ signal: String, into folder: TemporaryFolder) throws -> String {
        let samples = try #require(try golden().array(named: "\(signal)/signal").float32)
        let path = folder.file("\(signal).npy")
        try NPYFile.write(try NPYArray(shape: [samples.count], float32: samples), to: path)
        return path
    }
}

/// A copy of a fixture's folder, to be changed.
struct CheckpointCopy {
    let folder: TemporaryFolder
    private static let lengthSize = 8

    init(of fixture: CheckpointFixture = .emotion) throws {
        folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) where name != "golden.npz" {
            try FileManager.default.copyItem(atPath: "\(fixture.folder)/\(name)", toPath: folder.file(name))
        }
    }

    var path: String { folder.path }

    func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: folder.file(name)))) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder.file(name)) }

    /// Puts a link in place of a file.
    func link(_ name: String, to target: String) throws {
        try? remove(name)
        try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
    }

    /// Gives a key of config.json another value, which is JSON.
    func configure(_ key: String, _ value: String) throws {
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(bytes(of: "config.json"))) as? [String: Any])
        object[key] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        try folder.write(try JSONSerialization.data(withJSONObject: object), to: "config.json")
    }

    /// Writes a header in place of that of model.safetensors, and leaves the data.
    func setHeader(_ header: some Sequence<UInt8>, length: UInt64? = nil) throws {
        let file = try bytes(of: "model.safetensors")
        let header = Array(header)
        try folder.write(
            Self.littleEndian(length ?? UInt64(header.count)) + header + file[Self.headerEnd(of: file)...],
            to: "model.safetensors")
    }

    /// Changes the header of model.safetensors.
    func editHeader(_ change: (inout [String: Any]) throws -> Void) throws {
        let file = try bytes(of: "model.safetensors")
        let header = Data(file[Self.lengthSize..<Self.headerEnd(of: file)])
        var object = try #require(try JSONSerialization.jsonObject(with: header) as? [String: Any])
        try change(&object)
        try setHeader(try JSONSerialization.data(withJSONObject: object))
    }

    /// Changes the description of a tensor in the header of model.safetensors.
    func editTensor(_ name: String, _ key: String, _ value: Any) throws {
        try editHeader { header in
            var entry = try #require(header[name] as? [String: Any])
            entry[key] = value
            header[name] = entry
        }
    }

    /// Puts other bytes in place of some in a file.
    func overwrite(_ name: String, at place: Int, with new: [UInt8]) throws {
        var file = try bytes(of: name)
        file.replaceSubrange(place..<place + new.count, with: new)
        try folder.write(file, to: name)
    }

    static func littleEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func headerEnd(of file: [UInt8]) -> Int {
        lengthSize + file[..<lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
