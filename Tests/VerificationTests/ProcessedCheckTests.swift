import ONNXInterpreter
import ONNXLoader
import TestSupport
import Testing
import W2V2Engine

@testable import Verification

/// Each processed copy against a literal run of its own graph, whatever its weights are.
@Suite struct ProcessedCheckTests {
    @Test(arguments: ProcessedExport.all)
    func `the engine computes what the copy's graph does`(copy: ProcessedExport) throws {
        let file = try ONNXModel(contentsOf: copy.path)
        let engine = try EmotionModel(file)
        let check = try OracleCheck(of: engine, against: file)
        let signals = try TestSignal.standard(for: engine.architecture)
        let fixed = copy.fixedSamples.map { _ in [16_000, 16_000] }
        #expect(signals.map(\.samples.count) == fixed ?? [16_000, 26_496, 400, 719, 720])
        for signal in signals {
            let report = try check.run(signal)
            #expect(report.passed, "\(report.text)")
            #expect(report.outputs.map(\.name) == ["hidden_states", "logits"])
            #expect((report.stages + report.outputs).allSatisfy { $0.difference.scale > 0.01 })
            // Optimisers leave out a few states, as they fuse what makes them; most are there.
            #expect(report.stages.count > Stage.all(of: engine.architecture).count / 2)
        }
    }

    /// What quantising the activations does, which the check leaves out: the scores move, but they stay near the export's.
    @Test(arguments: ProcessedExport.all.filter(\.isQuantized))
    func `a quantised graph as it stands is near`(copy: ProcessedExport) throws {
        let golden = try Golden(contentsOf: Fixtures.processed("\(copy.base).golden.npz"))
        let graph = try Interpreter(ONNXModel(contentsOf: copy.path))
        let engine = try EmotionModel(contentsOf: copy.path)
        let signal = try golden.signal("noise16000")
        let rounded = try #require(try graph.run(signal: signal)["logits"]?.reals)
        let exact = try golden.output("logits", signal: "noise16000")
        let found = try #require(try engine.predict(signal)["logits"])
        #expect(largestDifference(rounded, exact) <= Self.quantization)
        #expect(largestDifference(found, exact) <= Self.quantization)
        #expect(largestDifference(found, rounded) > 0)
    }

    /// Eight bits of weights and activations, on scores about 1 in size.
    private static let quantization = 0.1
}
