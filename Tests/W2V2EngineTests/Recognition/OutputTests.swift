import ONNXInterpreter
import TestSupport
import Testing

@testable import ONNXLoader
@testable import W2V2Engine
@testable import W2V2Network
@testable import W2V2Recognition

/// A graph need not give out all that it computes: outputs are what is there.
@Suite("Graphs with some of the outputs")
struct OutputTests {
    private static let signal = (0..<1999).map { Float(($0 * 7919) % 1000) / 1000 - 0.5 }

    private func model(_ name: String, keeping outputs: [String]) throws -> ONNXModel {
        var model = try fixture(name)
        model.graph.outputs.removeAll { !outputs.contains($0.name) }
        return model
    }

    @Test("the pooled state is found inside, and given under its usual name", arguments: Fixtures.modelNames)
    func withoutPooled(name: String) throws {
        let whole = try EmotionModel(fixture(name))
        let heads = whole.architecture.heads.map(\.output)
        let file = try model(name, keeping: heads)
        let model = try EmotionModel(file)
        #expect(model.architecture == whole.architecture)
        let prediction = try model.predict(Self.signal)
        #expect(prediction == (try whole.predict(Self.signal)))
    }

    @Test("frames for the pooled state: their mean is given", arguments: Fixtures.modelNames)
    func framesAlone(name: String) throws {
        let whole = try RecognizedModel(recognizing: fixture(name))
        var file = try fixture(name)
        let frames = try #require(whole.stageValues[.finalNorm]).name
        let extracted = try #require(whole.stageValues[.extractedFeatures]).name
        // Only the encoder, as transformers' Wav2Vec2Model gives it, and with all that comes after.
        let end = try #require(file.graph.nodes.firstIndex { $0.outputs.contains(frames) })
        var encoder = file
        encoder.graph.nodes.removeSubrange((end + 1)...)
        encoder.graph.outputs = [frames, extracted].map { .init(name: $0, elementType: .float32) }
        file.graph.outputs.insert(.init(name: frames, elementType: .float32), at: 0)
        let expected = try EmotionModel(fixture(name)).predict(Self.signal)
        let bare = try EmotionModel(encoder)
        #expect(bare.architecture.heads.isEmpty)
        #expect(try bare.predict(Self.signal).values == [expected.values[0]])
        #expect(try EmotionModel(file).predict(Self.signal) == expected)
    }

    @Test("without a head, there is the embedding alone", arguments: Fixtures.modelNames)
    func pooledAlone(name: String) throws {
        let whole = try EmotionModel(fixture(name))
        let file = try model(name, keeping: ["hidden_states"])
        let recognized = try RecognizedModel(recognizing: file)
        // What the head's nodes are is still known, and its parameters aren't loaded.
        #expect(recognized.roles.count == file.graph.nodes.count)
        #expect(recognized.roles.contains { $0.module.hasPrefix("heads.0") })
        #expect(!recognized.parameters.contains { $0.name.hasPrefix("heads.") })
        let model = try EmotionModel(file, as: recognized)
        #expect(model.architecture.heads.isEmpty && model.labels.isEmpty)
        let prediction = try model.predict(Self.signal)
        #expect(prediction.names == ["hidden_states"])
        #expect(prediction.values[0] == (try whole.predict(Self.signal))["hidden_states"])
    }

    @Test("one head of several", arguments: ["logits_age", "logits_gender"])
    func oneHead(kept: String) throws {
        let name = "torch1.10-opset12-agegender"
        let whole = try EmotionModel(fixture(name))
        let model = try EmotionModel(model(name, keeping: ["hidden_states", kept]))
        #expect(model.architecture.outputs == ["hidden_states", kept])
        #expect(try model.predict(Self.signal)[kept] == whole.predict(Self.signal)[kept])
    }

    @Test("survive being packed")
    func packed() throws {
        let folder = try TemporaryFolder()
        for outputs in [["logits"], ["hidden_states"]] {
            let file = try model("torch2.13-opset17", keeping: outputs)
            try EmotionModel.pack(file, to: folder.file("model.packed"))
            let packed = try EmotionModel(contentsOf: folder.file("model.packed"))
            #expect(packed.architecture == (try EmotionModel(file)).architecture)
            #expect(try packed.predict(Self.signal).values == EmotionModel(file).predict(Self.signal).values)
        }
    }
}
