import NumPyFiles
import ONNXLoader
import TestSupport
import Testing
import W2V2Engine
import W2V2Recognition

@testable import Verification

@Suite struct LayerCheckTests {
    private static let model = Fixtures.model("torch1.10-opset11")

    private func check(_ path: String) throws -> LayerCheck {
        let file = try ONNXModel(contentsOf: path)
        let recognized = try RecognizedModel(recognizing: file)
        return try LayerCheck(of: EmotionModel(file, as: recognized), against: file, recognized: recognized)
    }

    @Test(arguments: Fixtures.modelNames)
    func `nothing parts in a sound model`(name: String) throws {
        let check = try check(Fixtures.model(name))
        let engine = try EmotionModel(contentsOf: Fixtures.model(name))
        let ours = try check.run(TestSignal.standard(for: engine.architecture))
        #expect(ours.layers.count == 5 && ours.oracle.count == 5 && ours.reference.isEmpty)
        let golden = try check.run(reference: Fixtures.golden(name))
        #expect(golden.layers.count == golden.reference.count && golden.layers.count >= 10)
        for report in ours.layers + golden.layers {
            #expect(report.passed, "\(report.text)")
            #expect(report.pairs.allSatisfy { $0.firstDivergence == nil })
            let labels = Stage.all(of: engine.architecture).map { $0.label(in: engine.architecture) }
            #expect(report.pair(.engine, .graph)?.stages.map(\.stage) == labels)
        }
        #expect(ours.layers.allSatisfy { $0.pairs.count == 1 })
        #expect(golden.layers.allSatisfy { $0.pairs.count == 3 })
        #expect((ours.oracle + golden.oracle + golden.reference).allSatisfy { $0.passed })
    }

    /// A parameter, and the first stage that feels it.
    struct Corruption: Sendable, CustomTestStringConvertible {
        let parameter: String
        let stage: String
        var testDescription: String { parameter }

        init(_ parameter: String, _ stage: String) { (self.parameter, self.stage) = (parameter, stage) }
    }

    static let corruptions = [
        Corruption("feature_extractor.conv_layers.0.conv.weight", "feature extractor 0"),
        Corruption("feature_extractor.conv_layers.2.conv.weight", "feature extractor 2"),
        Corruption("feature_extractor.conv_layers.5.layer_norm.weight", "feature extractor 5"),
        Corruption("feature_projection.layer_norm.bias", "extracted features"),
        Corruption("feature_projection.projection.weight", "feature projection"),
        Corruption("encoder.pos_conv_embed.conv.weight", "positional embedding"),
        Corruption("encoder.layers.0.attention.q_proj.weight", "encoder layer 0"),
        Corruption("encoder.layers.1.attention.q_proj.weight", "encoder layer 1"),
        Corruption("encoder.layers.0.attention.k_proj.weight", "encoder layer 0"),
        Corruption("encoder.layers.1.attention.out_proj.weight", "encoder layer 1"),
        Corruption("encoder.layers.0.layer_norm.weight", "encoder layer 0"),
        Corruption("encoder.layers.1.feed_forward.output_dense.weight", "encoder layer 1"),
        Corruption("encoder.layers.1.final_layer_norm.bias", "encoder layer 1"),
        Corruption("encoder.layer_norm.weight", "final norm"),
        Corruption("heads.0.dense.weight", "head logits"),
        Corruption("heads.0.out_proj.weight", "head logits"),
    ]

    /// About the standard deviation of the weights in the middle of the fixtures' matrices.
    private static let change: Float = 0.1

    /// Every state of a model for a signal, as a reference.
    private func writeReference(_ model: EmotionModel, _ signal: TestSignal, to path: String) throws {
        let writer = try NPZWriter(path: path)
        let samples = signal.samples
        try writer.add(NPYArray(shape: [1, samples.count], float32: samples), named: "signal")
        let prediction = try model.states(samples) { state in
            guard let stage = state.stage, stage != .pooled else { return }
            let (frames, elements) = (state.shape[0], state.values)
            let channels = elements.count / frames
            if case .head = stage { return }
            guard case .featureExtractor(let layer) = stage else {
                let array = try NPYArray(shape: [1, frames, channels], float32: elements)
                return try writer.add(array, named: stage.name(in: model.architecture))
            }
            // Frames that the network has no use for, as other programs have them.
            let all = model.architecture.framesPerLayer(samples: samples.count)[layer]
            let unused = [Float](repeating: 5, count: (all - frames) * channels)
            let array = try NPYArray(shape: [1, all, channels], float32: elements + unused)
            try writer.add(array, named: stage.name(in: model.architecture))
        }
        for (name, values) in zip(prediction.names, prediction.values) {
            try writer.add(NPYArray(shape: [1, values.count], float32: values), named: name)
        }
        try writer.finish()
    }

    @Test(arguments: corruptions)
    func `one weight that differs from the reference's is found at its layer`(corruption: Corruption) throws {
        let folder = try TemporaryFolder()
        let recognized = try RecognizedModel(recognizing: ONNXModel(contentsOf: Self.model))
        let tensor = try #require(recognized.parameters.first { $0.name == corruption.parameter }).tensor
        let corrupted = try CorruptedModel.write(
            Self.model, changing: tensor, by: Self.change, into: folder, as: "corrupted.onnx")
        let reference = folder.file("reference.npz")
        try writeReference(EmotionModel(contentsOf: Self.model), .seededNoise, to: reference)

        let sound = try #require(try check(Self.model).run(reference: reference).layers.first)
        #expect(sound.passed, "\(sound.text)")
        #expect(sound.pair(.graph, .reference)?.stages.count == 15)

        let report = try #require(try check(corrupted).run(reference: reference).layers.first)
        #expect(!report.passed)
        #expect(report.pair(.engine, .graph)?.firstDivergence == nil)
        #expect(report.pair(.engine, .reference)?.firstDivergence == corruption.stage, "\(report.text)")
        #expect(report.pair(.graph, .reference)?.firstDivergence == corruption.stage)
        #expect(report.text.contains("engine and graph agree\n"))
        #expect(report.text.contains("graph and reference diverge from \(corruption.stage) on\n"))
        #expect(report.text.contains("The model file and the reference differ from \(corruption.stage) on\n"))
    }

    @Test func `an engine that errs stands alone`() throws {
        let folder = try TemporaryFolder()
        let graph = try ONNXModel(contentsOf: Self.model)
        let recognized = try RecognizedModel(recognizing: graph)
        let engine = try EmotionModel(graph.corrupted("wav2vec2.encoder.layers.1.attention.v_proj.bias"))
        let reference = folder.file("reference.npz")
        try writeReference(EmotionModel(graph), .seededNoise, to: reference)
        let check = try LayerCheck(of: engine, against: graph, recognized: recognized)
        let report = try #require(try check.run(reference: reference).layers.first)
        #expect(report.pair(.engine, .graph)?.firstDivergence == "encoder layer 1")
        #expect(report.pair(.graph, .reference)?.firstDivergence == nil)
        #expect(report.text.contains("  The engine is wrong from encoder layer 1 on\n"))
    }

    @Test func `a stage that a reference lacks is passed over`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("outputs.npz")
        let writer = try NPZWriter(path: path)
        let signal = TestSignal.seededNoise
        let prediction = try EmotionModel(contentsOf: Self.model).predict(signal.samples)
        try writer.add(NPYArray(.float32(signal.samples)), named: "signal")
        try writer.add(NPYArray(.float32(try #require(prediction["logits"]))), named: "logits")
        try writer.finish()
        let report = try #require(try check(Self.model).run(reference: path).layers.first)
        #expect(report.passed)
        #expect(report.pair(.engine, .reference)?.stages.map(\.stage) == ["head logits"])
        #expect(report.pair(.engine, .reference)?.stages.first?.difference.largest == 0)
    }
}

@Suite struct RoundingRuleTests {
    private let stages: [Stage] = [.extractedFeatures, .featureProjection, .positionalEmbedding, .encoderLayer(0)]

    private func allowances(_ distances: [Double?]) -> [Double] {
        var rule = RoundingRule()
        return zip(stages, distances).map { rule.allowance(at: $0, distance: $1) }
    }

    @Test func `a stage may have some times what came to it, or what rounding makes anew`() {
        let (growth, rounding) = (RoundingRule.growth, RoundingRule.rounding)
        #expect(
            allowances([0, 1e-8, 1e-3, 2e-3])
                == [growth * rounding, growth * rounding, growth * rounding, growth * 1e-3])
    }

    @Test func `whole numbers round more, but not where there are none`() {
        let growth = RoundingRule.growth
        func first(_ stage: Stage, _ precision: Precision) -> Double {
            var rule = RoundingRule(precision)
            return rule.allowance(at: stage, distance: 0)
        }
        for precision in Precision.allCases {
            #expect(first(.featureExtractor(layer: 0), precision) == growth * RoundingRule.rounding)
        }
        #expect(first(.featureExtractor(layer: 1), .int16) == growth * RoundingRule.int16Rounding)
        #expect(first(.featureExtractor(layer: 1), .int8) == growth * RoundingRule.int16Rounding)
        #expect(first(.encoderLayer(0), .int16) == growth * RoundingRule.int16Rounding)
        #expect(first(.encoderLayer(0), .int8) == growth * RoundingRule.int8Rounding)
        #expect(
            RoundingRule.rounding < RoundingRule.int16Rounding && RoundingRule.int16Rounding < RoundingRule.int8Rounding
        )
    }

    @Test func `stages that are not known add their rounding`() {
        let (growth, rounding) = (RoundingRule.growth, RoundingRule.rounding)
        #expect(allowances([nil, nil, 1e-8, 0])[2] == growth * 3 * rounding)
        #expect(allowances([nil, nil, 1e-8, 0])[3] == growth * rounding)
        #expect(allowances([1e-3, nil, nil, 0])[3] == growth * 1e-3)
    }

    @Test func `what is no number parts, and so does what has another shape`() {
        let row = { (distance: Double) in
            LayerDifference(
                stage: "", shape: [], difference: Difference(of: [], from: []), ulp: 0, distance: distance, allowed: 1)
        }
        #expect(row(.nan).diverges && row(.infinity).diverges && row(1.1).diverges)
        #expect(!row(1).diverges && !row(0).diverges)
    }

    @Test func `ulp and the mean, relative to what was expected`() {
        let difference = Difference(of: [1, 2.000001, -3], from: [1, 2, -3])
        #expect(difference.typical == 2)
        #expect(difference.relativeMean() == difference.mean / 2)
        #expect(difference.relativeMean(atLeast: 5) == difference.mean / 5)
        // Float32 has steps of 2^-22 at 3.
        #expect(difference.ulp == difference.largest * 0x1p22)
        #expect(Difference(of: [0, 0], from: [0, 0]).ulp == 0)
        #expect(Difference(of: [1e-9, 0], from: [0, 0]).relativeMean() == 5e-10)
        #expect(Difference(of: [], from: [1]).ulp == .infinity)
    }
}
