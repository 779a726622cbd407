import Foundation
import ONNXLoader
import TestSupport
import Testing
import W2V2Engine
import W2V2Recognition

@testable import Verification

@Suite struct PrecisionCheckTests {
    private static let model = Fixtures.model("torch1.10-opset11")
    private static let wholeNumbers = [Precision.int16, .int8]

    private func engine(_ path: String, _ precision: Precision) throws -> EmotionModel {
        try EmotionModel(contentsOf: path, options: EngineOptions(precision: precision))
    }

    @Test(arguments: Fixtures.modelNames, wholeNumbers)
    func `every export passes in whole numbers, also layer by layer`(name: String, precision: Precision) throws {
        let graph = try ONNXModel(contentsOf: Fixtures.model(name))
        let recognized = try RecognizedModel(recognizing: graph)
        let engine = try engine(Fixtures.model(name), precision)
        let check = try LayerCheck(of: engine, against: graph, recognized: recognized)
        let findings = try check.run(TestSignal.standard(for: engine.architecture))
        #expect(findings.oracle.count == 5 && findings.layers.count == 5)
        for report in findings.oracle { #expect(report.passed, "\(report.text)") }
        for report in findings.layers { #expect(report.passed, "\(report.text)") }
        // What passes isn't float32.
        #expect(findings.oracle.contains { report in report.outputs.contains { $0.difference.largest > 1e-5 } })
        let golden = try check.run(reference: Fixtures.golden(name))
        for report in golden.reference + golden.oracle { #expect(report.passed, "\(report.text)") }
        for report in golden.layers { #expect(report.passed, "\(report.text)") }
    }

    /// A wrong number in an engine's weights, the first stage that feels it, and by how much it is off.
    static let corruptions = [
        ("wav2vec2.feature_extractor.conv_layers.0.conv.weight", "feature extractor 0"),
        ("wav2vec2.feature_extractor.conv_layers.6.conv.bias", "feature extractor 6"),
        ("wav2vec2.feature_projection.projection.bias", "feature projection"),
        ("classifier.out_proj.bias", "head logits"),
    ]

    @Test(arguments: corruptions, wholeNumbers)
    func `one wrong number still fails`(corruption: (weight: String, stage: String), precision: Precision) throws {
        let graph = try ONNXModel(contentsOf: Self.model)
        let options = EngineOptions(precision: precision)
        let engine = try EmotionModel(graph.corrupted(corruption.weight), options: options)
        let report = try OracleCheck(of: engine, against: graph).run(.seededNoise)
        #expect(!report.passed)
        #expect(report.firstDivergence == corruption.stage, "\(report.text)")
    }

    @Test func `tolerances grow with what a precision gives up`() {
        let stages: [Stage] = [
            .featureExtractor(layer: 3), .extractedFeatures, .featureProjection, .encoderLayer(1), .finalNorm, .pooled,
            .head(0),
        ]
        for stage in stages {
            let limits = [Precision.float32, .int16, .int8].map { stage.tolerance($0).limit(scale: 1) }
            #expect(limits[0] < limits[1] && limits[1] <= limits[2], "\(stage)")
        }
        // What is float32 in each is judged as float32.
        for stage in [Stage.inputNormalization, .featureExtractor(layer: 0)] {
            for precision in Precision.allCases { #expect(stage.tolerance(precision) == .features) }
        }
        for isPooled in [false, true] {
            for isRecording in [false, true] {
                let limits = [Precision.float32, .int16, .int8].map { precision in
                    Tolerance.published(precision, isPooled: isPooled, isRecording: isRecording).limit(scale: 1)
                }
                #expect(limits[0] < limits[1] && limits[1] < limits[2])
            }
        }
    }

    @Test(arguments: wholeNumbers)
    func `the difference to float32 of the same model, over all signals`(precision: Precision) throws {
        let (engine, float32) = (try engine(Self.model, precision), try engine(Self.model, .float32))
        let signals = [TestSignal.seededNoise, try .speech()]
        let report = try PrecisionCheck(of: engine, against: float32).run(signals)
        #expect(report.precision == precision && report.signals == 2)
        #expect(report.outputs.map(\.name) == ["hidden_states", "logits"] && report.outputs.map(\.size) == [64, 3])
        for (output, isScores) in zip(report.outputs, [false, true]) {
            let pairs = try signals.map { signal in
                let values = try [engine, float32].map { try #require($0.predict(signal.samples)[output.name]) }
                return zip(values[0], values[1]).map { Double($0) - Double($1) }
            }
            let differences = pairs.flatMap(\.self)
            #expect(output.largest == differences.map(abs).max() && output.largest > 0)
            let squares = differences.reduce(0) { $0 + $1 * $1 }
            #expect(output.rms == (squares / Double(differences.count)).squareRoot())
            #expect(output.unchanged == (isScores ? 1 : nil))
        }
        #expect(report.text.hasPrefix("\(precision) against float32 of the same model, 2 signals\n"))

        let other = try self.engine(Fixtures.model("torch1.10-opset12-agegender"), .float32)
        #expect(throws: VerificationError(.architecturesDiffer)) { try PrecisionCheck(of: engine, against: other) }
    }
}

@Suite struct PrecisionReportTests {
    private func report(_ logits: [[Double]]) -> PrecisionReport {
        let float32 = [[0.25, 0.5], [0.75, 1.0]]
        return PrecisionReport(
            precision: .int8, signals: 2,
            outputs: [
                .init(
                    "hidden_states", found: [[1, 2, 2], [0, 0, 0]], expected: [[1, 2, 4], [0, 0, 0]], isScores: false),
                .init("logits", found: logits, expected: float32, isScores: true),
            ])
    }

    @Test func `largest, rms and the share that is unchanged`() {
        let report = report([[0.25, 0.5], [0.75, 1.0625]])
        #expect(report.outputs.map(\.largest) == [2, 0.0625])
        #expect(report.outputs.map(\.rms) == [(4.0 / 6).squareRoot(), 0.03125])
        #expect(report.outputs.map(\.unchanged) == [nil, 0.75])
        #expect(
            report.text == """
                int8 against float32 of the same model, 2 signals
                                 numbers  largest difference      rms  unchanged
                  hidden_states        3             2.0e+00  8.2e-01
                  logits               2             6.2e-02  3.1e-02     75.0 %
                  Unchanged are scores that move by less than 0.05.

                """)
    }

    @Test func `a score that moves by the limit has changed`() {
        let cost = PrecisionReport.OutputCost("x", found: [[0.05, 0.04]], expected: [[0, 0]], isScores: true)
        #expect(cost.unchanged == 0.5)
    }

    @Test func `what is missing or not finite is infinitely far, and none is unchanged by it`() {
        for logits in [[[0.25, .nan], [0.75, 1]], [[0.25], [0.75, 1]], [[0.25, 0.5], []]] {
            let output = report(logits).outputs[1]
            #expect(output.largest == .infinity && output.rms == .infinity)
            #expect((output.unchanged ?? 1) < 1)
        }
    }

    @Test func `it is part of the report, in text and as JSON, and doesn't pass or fail it`() throws {
        let cost = report([[9, 9], [9, 9]])
        let signal = TestSignal(name: "noise", samples: [0])
        let output = Comparison("logits", found: Values([0.5]), expected: Values([0.5]), tolerance: .head)
        let plain = VerificationReport(oracle: [SignalReport(signal: signal, source: "the graph", outputs: [output])])
        let whole = VerificationReport(plain, againstFloat32: cost)
        #expect(whole.passed && whole.summary == plain.summary)
        #expect(whole.text.hasSuffix("\n\(cost.text)\nPASS: all 1 checks\n"))
        #expect(!plain.text.contains("float32"))

        let object = try #require(try JSONSerialization.jsonObject(with: whole.json()) as? [String: Any])
        let costs = try #require(object["againstFloat32"] as? [String: Any])
        #expect(costs["precision"] as? String == "int8" && costs["signals"] as? Int == 2)
        let outputs = try #require(costs["outputs"] as? [[String: Any]])
        #expect(outputs[1]["unchanged"] as? Double == 0 && outputs[0]["unchanged"] == nil)
        let plainObject = try #require(try JSONSerialization.jsonObject(with: plain.json()) as? [String: Any])
        #expect(Set(plainObject.keys) == ["passed", "oracle", "reference", "layers"])
    }
}
