import Foundation
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

/// Sizes of which each is possible, and that ask for more than their weights account for.
@Suite("Architectures that would take all memory or time")
struct HostileArchitectureTests {
    private struct Change: Sendable {
        let reason: String
        let edits: [(path: String, value: any Sendable)]

        init(_ reason: String, _ edits: (String, any Sendable)...) {
            self.reason = reason
            self.edits = edits
        }
    }

    private static let changes = [
        // A few weights, and an hour of samples for a frame.
        Change("the stride", ("featureExtractor.0.stride", 1 << 40)),
        Change("the hop", ("featureExtractor.0.stride", 1 << 20)),
        // A frame is made of 131,119 others of the first layer.
        Change("what one frame is made of", ("featureExtractor.5.stride", 4096), ("featureExtractor.6.kernel", 3)),
        // Each product is counted, and the sum of 2^20 layers too.
        Change("the number of encoder layers", ("encoderLayers", 1 << 20)),
        Change("an hour of audio", ("encoderLayers", 4096), ("featureExtractor.0.stride", 1), ("hiddenSize", 16_384)),
        // Labels with names of their own.
        Change("all heads' outputs together", ("heads.0.size", 1 << 17)),
        Change("the name of an output", ("heads.0.output", String(repeating: "x", count: 513))),
        Change("the name of the input", ("input", String(repeating: "x", count: 513))),
        // Groups of one channel, each in a panel of 64 columns.
        Change("in panels", ("positionalConvolution", ["kernel": 8192, "groups": 64, "padding": 4096])),
    ]

    @Test("are refused, with the reason", arguments: changes.indices)
    func refusal(index: Int) throws {
        let change = Self.changes[index]
        var description = try JSONEncoder().encode(
            EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17")).architecture)
        for (path, value) in change.edits {
            let object = try JSONSerialization.jsonObject(with: description)
            description = try JSONSerialization.data(withJSONObject: Self.replacing(path, in: object, with: value))
        }
        let start = ContinuousClock.now
        let error = try #require(throws: EngineError.self) {
            try JSONDecoder().decode(Architecture.self, from: description)
        }
        #expect(error.description.contains(change.reason), "\(error)")
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    private static func replacing(_ path: String, in object: Any, with value: Any) -> Any {
        let keys = path.split(separator: ".", maxSplits: 1).map(String.init)
        if var list = object as? [Any], let index = Int(keys[0]) {
            list[index] = keys.count == 1 ? value : replacing(keys[1], in: list[index], with: value)
            return list
        }
        guard var fields = object as? [String: Any] else { return object }
        fields[keys[0]] = keys.count == 1 ? value : replacing(keys[1], in: fields[keys[0]] ?? [:], with: value)
        return fields
    }

    @Test("the published models and far larger ones are none of them")
    func sound() throws {
        let published = try ArchitectureTests.published
        // As wav2vec 2.0 XLS-R with two billion parameters.
        let large = try edited(edited(published, "hiddenSize", 1920), "encoderLayers", 48)
        #expect(try edited(large, "feedForwardSize", 7680).parameterCount > 2_000_000_000)
    }

    @Test("heads with thousands of labels are refused for their weights before any label is made")
    func labels() throws {
        let architecture = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17")).architecture
        let heads = (0..<200).map { ["output": "h\($0)", "denseSize": 1, "size": 300] as [String: any Sendable] }
        let folder = try TemporaryFolder()
        let contents = PackedContents(
            architecture: try edited(architecture, "heads", heads), labels: [:], metadata: [:])
        try PackedModelWriter.write(
            to: folder.file("model.packed"), contents: contents,
            blocks: [PackedBlock(name: "x", format: "float32", byteCount: 4)]
        ) { _, write in
            let floats: [Float] = [1]
            try write(floats.span.bytes)
        }
        for read in [
            { _ = try EmotionModel(contentsOf: folder.file("model.packed")) },
            { _ = try PackedModelSummary(contentsOf: folder.file("model.packed")) },
        ] {
            #expect(throws: PackedModelError.missingBlock(name: "feature_extractor.conv_layers.0.conv.weight")) {
                try read()
            }
        }
    }
}
