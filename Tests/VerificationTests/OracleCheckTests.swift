import ONNXInterpreter
import ONNXLoader
import TestSupport
import Testing
import W2V2Engine

@testable import Verification

@Suite struct OracleCheckTests {
    @Test(arguments: Fixtures.modelNames)
    func `every export passes on noise, speech and the shortest signals`(name: String) throws {
        let file = try ONNXModel(contentsOf: Fixtures.model(name))
        let engine = try EmotionModel(file)
        let check = try OracleCheck(of: engine, against: file)
        let signals = try TestSignal.standard(for: engine.architecture)
        #expect(signals.map(\.samples.count) == [16_000, 26_496, 400, 719, 720])
        for signal in signals {
            let report = try check.run(signal)
            #expect(report.passed, "\(report.text)")
            #expect(report.firstDivergence == nil)
            let labels = Stage.all(of: engine.architecture).map { $0.label(in: engine.architecture) }
            #expect(report.stages.map(\.name) == labels)
            #expect(report.outputs.map(\.name) == engine.architecture.outputs)
            // Whatever passes was compared with numbers of some size.
            #expect((report.stages + report.outputs).allSatisfy { $0.difference.scale > 0.01 })
            #expect(report.stages.allSatisfy { $0.difference.mean <= $0.difference.largest })
        }
    }

    /// A weight, and the first stage that feels it.
    struct Corruption: Sendable, CustomTestStringConvertible {
        let weight: String
        let stage: String
        var testDescription: String { weight }

        init(_ weight: String, _ stage: String) { (self.weight, self.stage) = (weight, stage) }
    }

    static let corruptions = [
        Corruption("wav2vec2.feature_extractor.conv_layers.0.conv.weight", "feature extractor 0"),
        Corruption("wav2vec2.feature_extractor.conv_layers.3.layer_norm.bias", "feature extractor 3"),
        Corruption("wav2vec2.feature_extractor.conv_layers.6.conv.bias", "feature extractor 6"),
        Corruption("wav2vec2.feature_projection.layer_norm.weight", "extracted features"),
        Corruption("wav2vec2.feature_projection.projection.bias", "feature projection"),
        Corruption("wav2vec2.encoder.pos_conv_embed.conv.bias", "positional embedding"),
        Corruption("wav2vec2.encoder.layers.0.attention.v_proj.bias", "encoder layer 0"),
        Corruption("wav2vec2.encoder.layers.1.feed_forward.intermediate_dense.bias", "encoder layer 1"),
        Corruption("wav2vec2.encoder.layer_norm.weight", "final norm"),
        Corruption("classifier.dense.weight", "head logits"),
        Corruption("classifier.out_proj.bias", "head logits"),
    ]

    @Test(arguments: corruptions)
    func `one wrong number in the engine's weights fails`(corruption: Corruption) throws {
        let graph = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let engine = try EmotionModel(graph.corrupted(corruption.weight))
        let report = try OracleCheck(of: engine, against: graph).run(.seededNoise)
        #expect(!report.passed)
        #expect(report.firstDivergence == corruption.stage)
        #expect(report.outputs.last?.passed == false)
        #expect(report.text.contains("The engine differs from \(corruption.stage) on\n"))
        let firstFailed = report.stages.firstIndex { !$0.passed }
        #expect(firstFailed == report.stages.firstIndex { $0.name == corruption.stage })
        let whole = VerificationReport(oracle: [report])
        #expect(!whole.passed && whole.summary == "FAIL: 1 of 1 checks\n")
    }

    /// Linear weights have no names of their own here: they are what MatMul nodes take. Of these there are one for the
    /// feature projection, then query, key, value, output and the feed-forward part's two for each encoder layer.
    @Test(arguments: [
        (0, "feature projection"), (1, "encoder layer 0"), (5, "encoder layer 0"), (9, "encoder layer 1"),
    ])
    func `one wrong number in a linear weight fails`(index: Int, stage: String) throws {
        let graph = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let weights = graph.graph.nodes.filter { $0.operation == "MatMul" }.compactMap { node in
            node.inputs.first { graph.graph.initializers[$0] != nil }
        }
        #expect(weights.count == 13)
        let engine = try EmotionModel(graph.corrupted(weights[index]))
        let report = try OracleCheck(of: engine, against: graph).run(.speech())
        #expect(report.firstDivergence == stage)
    }

    @Test func `an engine of other sizes is refused`() throws {
        let engine = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let other = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset12-agegender"))
        #expect(throws: VerificationError(.architecturesDiffer)) { try OracleCheck(of: engine, against: other) }
    }

    @Test func `channel-major states are turned`() throws {
        let tensor = try InterpreterTensor(shape: [1, 2, 3], real: [1, 2, 3, 10, 20, 30])
        #expect(Values(tensor, .channelMajor) == Values(shape: [3, 2], [1, 10, 2, 20, 3, 30]))
        #expect(Values(tensor, .timeMajor) == Values(shape: [2, 3], [1, 2, 3, 10, 20, 30]))
        #expect(try Values(InterpreterTensor(shape: [1], integer: [1]), .timeMajor) == nil)
    }
}

extension ONNXModel {
    /// The model with one number of a weight changed: about what one of the larger weights is.
    func corrupted(_ name: String) throws -> ONNXModel {
        let weight = try #require(graph.initializers[name])
        var floats = try weight.floats()
        floats[floats.count / 2] += 0.25
        var model = self
        model.graph.initializers[name] = try Tensor(name: name, shape: weight.shape, floats: floats)
        return model
    }
}
