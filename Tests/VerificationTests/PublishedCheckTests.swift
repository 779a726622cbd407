import ONNXLoader
import StandInModel
import TestSupport
import Testing
import W2V2Engine

@testable import Verification

@Suite struct PublishedCheckTests {
    /// The published model's structure.
    private let published: Architecture

    init() throws {
        published = try Architecture(
            input: "signal", inputNormalizationEpsilon: nil,
            featureExtractor: zip([10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]).enumerated().map { index, sizes in
                Architecture.Convolution(
                    inputChannels: index == 0 ? 1 : 512, outputChannels: 512, kernel: sizes.0, stride: sizes.1)
            },
            hiddenSize: 1024,
            positionalConvolution: Architecture.PositionalConvolution(kernel: 128, groups: 16, padding: 64),
            encoderLayers: 12, attentionHeads: 16, feedForwardSize: 4096, layerNormEpsilon: 1e-5,
            pooledOutput: "hidden_states", heads: [Architecture.Head(output: "logits", denseSize: 1024, size: 3)])
    }

    private func name(_ architecture: Architecture, metadata: [String: String] = [:]) throws -> String? {
        try PublishedModel.matching(architecture, metadata: metadata)?.name
    }

    @Test func `the published structures are known`() throws {
        #expect(try name(published) == "w2v2-L-robust-12.6bc4a7fd-1.1.0")
        let heads: [[String: any Sendable]] = [
            ["output": "logits_age", "denseSize": 1024, "size": 1],
            ["output": "logits_gender", "denseSize": 1024, "size": 3],
        ]
        let sibling = try edited(edited(published, "encoderLayers", 6), "heads", heads)
        #expect(try name(sibling) == "w2v2-L-robust-6-age-gender.25c844af-1.1.1")
        #expect(try name(edited(sibling, "encoderLayers", 24)) == nil)
    }

    @Test func `others are not`() throws {
        let changes: [(path: String, value: any Sendable)] = [
            ("encoderLayers", 11), ("hiddenSize", 768), ("inputNormalizationEpsilon", 1e-7), ("heads.0.size", 4),
            ("heads.0.output", "scores"), ("featureExtractor.6.stride", 1), ("positionalConvolution.groups", 8),
            ("pooledOutput", "states"), ("feedForwardSize", 3072),
        ]
        for (path, value) in changes {
            let other = try edited(published, path, value)
            #expect(other != published)
            #expect(try name(other) == nil, "\(other)")
        }
        for model in Fixtures.modelNames {
            #expect(try name(EmotionModel(contentsOf: Fixtures.model(model)).architecture) == nil)
        }
    }

    @Test func `a stand-in is not the published model`() throws {
        #expect(try name(published, metadata: [StandIn.metadataKey: "0"]) == nil)
    }

    @Test func `another model is neither passed nor failed`() throws {
        let engine = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let report = try PublishedCheck(of: engine).run()
        #expect(report == PublishedReport(model: nil, cases: []))
        #expect(report.text == "Published outputs: none are known for this model; nothing was checked.\n")
        #expect(VerificationReport(published: report).text.contains("PASS") == false)
    }

    @Test func `every published case has its signal and plausible numbers`() throws {
        let models = try PublishedData.models()
        #expect(models.map(\.cases.count) == [5, 1])
        for model in models {
            for published in model.cases {
                let signal = try TestSignal.published(published.signal)
                #expect(signal.samples.count >= 16_000 && signal.samples.count < 48_000)
                #expect(signal.samples.contains { $0 != 0 } == (signal.name != "zeros"))
                #expect(!published.outputs.isEmpty && !published.source.isEmpty)
                for output in published.outputs {
                    #expect(output.output == "hidden_states" || model.heads[output.output] == output.values.count)
                    #expect(output.values.allSatisfy { abs($0) < 1 })
                }
            }
        }
        #expect(throws: VerificationError(.unknownSignal("song.mp3"))) { try TestSignal.published("song.mp3") }
    }

    /// A tiny model, as if the outputs it has for the seeded noise had been published.
    private func report(
        offBy error: Double, decimals: Int? = nil, precision: Precision = .float32
    ) throws -> PublishedReport {
        let path = Fixtures.model("torch1.10-opset11")
        let engine = try EmotionModel(contentsOf: path, options: EngineOptions(precision: precision))
        let prediction = try EmotionModel(contentsOf: path).predict(TestSignal.seededNoise.samples)
        let logits = try #require(prediction["logits"]).map(Double.init)
        let states = try #require(prediction["hidden_states"]).suffix(3).map(Double.init)
        let outputs = [
            PublishedOutput(
                output: "logits", part: .first, values: [logits[0], logits[1] + error, logits[2]], decimals: decimals),
            PublishedOutput(output: "hidden_states", part: .last, values: states, decimals: nil),
        ]
        let noise = PublishedCase(signal: "seeded noise", source: "a test", outputs: outputs)
        let model = PublishedModel(name: "tiny", encoderLayers: 2, heads: ["logits": 3], cases: [noise])
        return try PublishedCheck(of: engine, as: model).run()
    }

    @Test func `the published numbers pass`() throws {
        let report = try report(offBy: 0)
        #expect(report.cases.map(\.passed) == [true])
        #expect(report.cases[0].outputs.map(\.name) == ["logits", "hidden_states, last 3"])
        #expect(report.text.contains("Outputs published for tiny"))
        #expect(VerificationReport(published: report).summary == "PASS: all 1 checks\n")
    }

    /// Numbers with all digits, and numbers with two decimals.
    @Test func `other numbers fail`() throws {
        #expect(try report(offBy: 2e-5).cases[0].passed)
        let wrong = try report(offBy: 1e-4)
        #expect(wrong.cases[0].outputs.map(\.passed) == [false, true])
        #expect(!VerificationReport(published: wrong).passed)
        #expect(wrong.text.contains("logits: FAIL"))
        #expect(try report(offBy: 0.02, decimals: 2).cases[0].passed)
        #expect(try !report(offBy: 0.04, decimals: 2).cases[0].passed)
    }

    @Test(arguments: [Precision.int16, .int8])
    func `whole numbers are given their own error, and no more`(precision: Precision) throws {
        #expect(try report(offBy: 0, precision: precision).cases[0].passed)
        let limit = Tolerance.published(precision, isPooled: false, isRecording: false).absolute
        #expect(limit > Tolerance.published.absolute)
        // Twice the limit is beyond it, whatever whole numbers add.
        let wrong = try report(offBy: 2 * limit, precision: precision).cases[0]
        #expect(wrong.outputs.map(\.passed) == [false, true])
    }

    @Test func `where the graph agrees, other weights are named as the reason`() throws {
        let file = try ONNXModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let oracle = [try OracleCheck(of: EmotionModel(file), against: file).run(.seededNoise)]
        let reason = "these are other weights than the published ones"
        let (wrong, right) = (try report(offBy: 1), try report(offBy: 0))
        #expect(VerificationReport(oracle: oracle, published: wrong).text.contains(reason))
        #expect(!VerificationReport(oracle: oracle, published: right).text.contains(reason))
        #expect(!VerificationReport(published: wrong).text.contains(reason))
        // In whole numbers that isn't the only possible reason.
        let cost = PrecisionReport(precision: .int8, signals: 1, outputs: [])
        let whole = VerificationReport(oracle: oracle, published: wrong, againstFloat32: cost).text
        #expect(!whole.contains(reason) && whole.contains("verify in float32 tells which"))
    }

    @Test func `an output that the model lacks fails`() throws {
        let engine = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let output = PublishedOutput(output: "logits_age", part: .first, values: [0], decimals: nil)
        let zeros = PublishedCase(signal: "zeros", source: "a test", outputs: [output])
        let model = PublishedModel(name: "tiny", encoderLayers: 2, heads: [:], cases: [zeros])
        #expect(try PublishedCheck(of: engine, as: model).run().cases.map(\.passed) == [false])
    }
}
