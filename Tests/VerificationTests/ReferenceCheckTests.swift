import NumPyFiles
import TestSupport
import Testing
import W2V2Engine

@testable import Verification

@Suite struct ReferenceCheckTests {
    @Test(arguments: Fixtures.modelNames)
    func `every export passes against its golden`(name: String) throws {
        let golden = try Golden(named: name)
        let engine = try EmotionModel(contentsOf: Fixtures.model(name))
        let reports = try ReferenceCheck(of: engine).run(Fixtures.golden(name))
        #expect(reports.map(\.signal) == golden.signals)
        for report in reports {
            #expect(report.passed, "\(report.text)")
            #expect(Set(report.outputs.map(\.name)) == Set(golden.outputNames))
            let layers = report.signal == Golden.layerSignal ? Set(golden.layerNames) : []
            #expect(Set(report.stages.map(\.name)) == layers)
        }
    }

    @Test func `states without a signal are of the recordings given with them`() throws {
        let states = try engine.states(signal, .all(of: engine.architecture, attention: true))
        func arrays(_ prefix: String) throws -> [(name: String, array: NPYArray)] {
            try states.states.map { (prefix + $0.name, try NPYArray(shape: $0.shape, float32: $0.values)) }
        }
        let recording = TestSignal(name: "folder/a.wav", samples: signal)
        let alone = try write(try arrays("") + [("attention_layers", NPYArray(.int64([1, 2])))])
        let report = try ReferenceCheck(of: engine).run(alone, recordings: [recording])
        #expect(report.map(\.signal) == ["folder/a.wav"] && report[0].passed)
        #expect(report[0].stages.count + report[0].outputs.count == states.states.count - 1)
        #expect(report[0].outputs.allSatisfy { $0.difference.largest == 0 })

        let lists: [(name: String, array: NPYArray)] = [
            ("name", NPYArray(.string(["b.wav", "a.wav"]))), ("file", NPYArray(.string(["b.wav", "folder/a.wav"]))),
            ("start", flat([0, 0])), ("end", flat([1, 1])),
        ]
        let several = try write(try arrays("b.wav/") + arrays("a.wav/") + lists)
        let other = TestSignal(name: "b.wav", samples: signal)
        let reports = try ReferenceCheck(of: engine).run(several, recordings: [recording, other])
        #expect(reports.map(\.signal) == ["folder/a.wav", "b.wav"] && reports.allSatisfy(\.passed))

        func refusal(_ path: String, _ recordings: [TestSignal]) -> VerificationError.Reason? {
            let error = #expect(throws: VerificationError.self) {
                try ReferenceCheck(of: engine).run(path, recordings: recordings)
            }
            #expect(error?.file == path)
            return error?.reason
        }
        #expect(refusal(several, []) == .noSignal)
        #expect(refusal(several, [other]) == .missingSignal(group: "a.wav"))
        #expect(refusal(several, [other, other]) == .noArrays(recording: "b.wav", group: "b.wav"))
        let third = TestSignal(name: "c.wav", samples: signal)
        #expect(refusal(several, [recording, third]) == .noArrays(recording: "c.wav", group: "c.wav"))
        let whole = try write([("signal", row(signal)), ("logits", row(logits))])
        #expect(refusal(whole, [recording]) == .ownSignals)
    }

    // Malformed and other references for one model.

    private let folder: TemporaryFolder
    private let engine: EmotionModel
    private let signal = TestSignal.seededNoise.samples
    private let logits: [Float]

    init() throws {
        folder = try TemporaryFolder()
        engine = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        logits = try #require(try engine.predict(signal)["logits"])
    }

    private func write(_ arrays: [(name: String, array: NPYArray)]) throws -> String {
        let path = folder.file("reference.npz")
        let writer = try NPZWriter(path: path)
        for (name, array) in arrays { try writer.add(array, named: name) }
        try writer.finish()
        return path
    }

    private func row(_ values: [Float]) throws -> NPYArray { try NPYArray(shape: [1, values.count], float32: values) }

    private func flat(_ values: [Float]) -> NPYArray { NPYArray(.float32(values)) }

    /// A state of the network on the signal, all zeros.
    private func state(_ shape: [Int]) throws -> NPYArray {
        try NPYArray(shape: shape, float32: [Float](repeating: 0, count: shape.reduce(1, *)))
    }

    private func run(_ arrays: [(name: String, array: NPYArray)]) throws -> [SignalReport] {
        try ReferenceCheck(of: engine).run(try write(arrays))
    }

    /// What is wrong with a reference.
    private struct Refusal: Equatable {
        let array: String?
        let reason: VerificationError.Reason
    }

    private func refusal(_ arrays: [(name: String, array: NPYArray)]) throws -> Refusal {
        let path = try write(arrays)
        let thrown = #expect(throws: VerificationError.self) { try ReferenceCheck(of: engine).run(path) }
        let error = try #require(thrown)
        #expect(!error.description.contains("\n"))
        #expect(error.file == path)
        return Refusal(array: error.array, reason: error.reason)
    }

    @Test func `one signal without a name`() throws {
        for signal in [flat(signal), try row(signal)] {
            let reports = try run([("signal", signal), ("logits", flat(logits))])
            #expect(reports.map(\.passed) == [true])
            #expect(reports[0].signal == "signal" && reports[0].samples == 16_000)
            #expect(reports[0].outputs.map(\.name) == ["logits"])
        }
    }

    @Test func `other numbers fail`() throws {
        let other = [logits[0], logits[1] + 1e-4, logits[2]]
        let report = try #require(try run([("signal", flat(signal)), ("logits", flat(other))]).first)
        #expect(!report.passed)
        #expect(abs(report.outputs[0].difference.largest - 1e-4) < 1e-6)
        #expect(report.text.contains("expected"))
    }

    @Test(arguments: ["extract_features", "layers/hidden_states.1", "layers/last_hidden_state"])
    func `states are compared`(name: String) throws {
        let channels = name == "extract_features" ? 32 : 64
        let report = try #require(
            try run([("signal", flat(signal)), (name, state([1, 49, channels])), ("logits", row(logits))]).first)
        #expect(!report.passed)
        #expect(report.firstDivergence == name.split(separator: "/").last.map(String.init))
    }

    @Test func `a feature extractor's state has its own frames and channels`() throws {
        let name = "feature_extractor.conv_layers.1"
        let report = try #require(
            try run([("signal", flat(signal)), (name, state([1, 1599, 32])), ("logits", row(logits))]).first)
        #expect(report.stages.map(\.name) == [name] && !report.passed)
        let refusal = try refusal([("signal", flat(signal)), (name, state([49, 64]))])
        #expect(
            refusal
                == Refusal(
                    array: name, reason: .wrongShape([49, 64], expected: "(1599, 32) or (1, 1599, 32)")))
    }

    @Test func `the last of the hidden states is known by whether it is normalised`() throws {
        let noise = TestSignal.seededNoise
        let states = try engine.states(of: noise)
        func array(_ stage: Stage) throws -> NPYArray {
            try NPYArray(shape: [49, 64], elements: .float64(#require(states[stage]).elements))
        }
        let norm = ("last_hidden_state", try array(.finalNorm))
        for stage in [Stage.encoderLayer(1), .finalNorm] {
            let report = try #require(
                try run([("signal", flat(signal)), ("hidden_states.2", try array(stage)), norm]).first)
            #expect(report.passed)
            #expect(report.stages.allSatisfy { $0.difference.largest == 0 })
        }
        // What is far from both is the layer's, as it isn't the norm's.
        let other = try #require(
            try run([("signal", flat(signal)), ("hidden_states.2", try state([49, 64])), norm]).first)
        #expect(other.firstDivergence == "hidden_states.2")
        #expect(other.stages[0].difference.largest == states[.encoderLayer(1)]?.elements.map(abs).max())
    }

    @Test func `an archive without a signal`() throws {
        #expect(try refusal([("logits", flat(logits))]) == Refusal(array: nil, reason: .noSignal))
        #expect(try refusal([]) == Refusal(array: nil, reason: .noSignal))
    }

    @Test func `an array whose signal is missing`() throws {
        let refusal = try refusal([("a/signal", flat(signal)), ("a/logits", flat(logits)), ("b/logits", flat(logits))])
        #expect(refusal == Refusal(array: "b/logits", reason: .missingSignal(group: "b")))
    }

    @Test func `a signal with nothing to compare`() throws {
        let refusal = try refusal([("signal", flat(signal))])
        #expect(refusal == Refusal(array: nil, reason: .nothingToCompare(signal: "signal")))
    }

    @Test(arguments: ["scores", "hidden_states.3", "a/logits/x", "layers/logits", "file"])
    func `an unknown name`(name: String) throws {
        let states =
            (0..<7).map { "feature_extractor.conv_layers.\($0)" } + [
                "extract_features", "feature_projection", "hidden_states.0", "hidden_states.1", "hidden_states.2",
                "last_hidden_state",
            ]
        let refusal = try refusal([("signal", flat(signal)), (name, flat(logits))])
        let unknown = VerificationError.Reason.unknown(outputs: ["hidden_states", "logits"], states: states)
        #expect(refusal == Refusal(array: name, reason: unknown))
    }

    @Test func `wrong shapes`() throws {
        let cases: [(String, NPYArray)] = [
            ("signal", try NPYArray(shape: [2, 8000], float32: signal)), ("logits", flat([1, 2])),
            ("logits", try NPYArray(shape: [3, 1], float32: logits)), ("logits", try NPYArray(shape: [], float32: [1])),
            ("hidden_states", flat([])), ("hidden_states.0", try state([1, 48, 64])),
            ("extract_features", try state([49, 64])), ("layers/last_hidden_state", try state([2, 49, 64])),
        ]
        for (name, array) in cases {
            var arrays = [("signal", flat(signal)), ("logits", flat(logits))].filter { $0.0 != name }
            arrays.append((name, array))
            let refusal = try refusal(arrays)
            #expect(refusal.array == name)
            guard case .wrongShape(array.shape, _) = refusal.reason else {
                Issue.record("\(name): \(refusal.reason)")
                continue
            }
        }
    }

    @Test func `numbers that cannot be compared`() throws {
        let good = [("signal", flat(signal)), ("logits", flat(logits))]
        let short = flat([Float](repeating: 0, count: 399))
        let huge = NPYArray(.float64([1e300] + [Double](repeating: 0, count: 15_999)))
        let integers = NPYArray(.int64([Int64](repeating: 0, count: 16_000)))
        let cases: [(String, NPYArray, VerificationError.Reason)] = [
            ("signal", short, .tooShort(samples: 399, minimum: 400)), ("signal", huge, .notFinite(index: 0)),
            ("signal", integers, .notReal), ("logits", flat([0, .nan, 0]), .notFinite(index: 1)),
        ]
        for (name, array, reason) in cases {
            let arrays = good.filter { $0.0 != name } + [(name, array)]
            #expect(try refusal(arrays) == Refusal(array: name, reason: reason))
        }
    }

    @Test func `states without a signal's name belong to the one that gives as many frames`() throws {
        let named = [
            ("a/signal", flat(signal)), ("a/logits", flat(logits)),
            ("b/signal", flat(Array(signal.prefix(8000)))), ("b/logits", flat(logits)),
        ]
        let reports = try run(named + [("layers/hidden_states.0", state([49, 64]))])
        #expect(reports.map(\.stages.count) == [1, 0])
        let strange = try refusal(named + [("layers/hidden_states.0", state([50, 64]))])
        #expect(strange.reason == .ambiguousLayers(frames: 50, signals: []))
        let alike = named + [("c/signal", flat(signal)), ("layers/hidden_states.0", try state([49, 64]))]
        #expect(try refusal(alike).reason == .ambiguousLayers(frames: 49, signals: ["a", "c"]))
        let own = try run(alike.dropLast() + [("c/layers/hidden_states.0", state([49, 64]))])
        #expect(own.map(\.stages.count) == [0, 0, 1])
    }

    @Test func `a file that is no archive`() throws {
        let path = try folder.write(Array("text".utf8), to: "reference.npz")
        #expect(throws: NumPyError.self) { try ReferenceCheck(of: engine).run(path) }
    }
}
