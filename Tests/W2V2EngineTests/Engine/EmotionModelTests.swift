import Foundation
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Emotion model")
struct EmotionModelTests {
    @Test(
        "gives the same bits whatever the threads and the feature extractor's tiles, with tiles",
        arguments: [400, 5_000, 16_000, 200_000], Backend.tiles)
    func threads(samples: Int, backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"), options: backend.options())
        let signal = noise(samples)
        let single = try model.predict(signal)
        // Observing runs the feature extractor in one piece.
        #expect(try model.states(signal) { _ in }.bits == single.bits)
        for threads in [1, 2, 3, 7] {
            #expect(try model.with(threads: threads).predict(signal).bits == single.bits, "\(threads) threads")
        }
    }

    @Test("gives the same bits each time, in a used workspace as in a new one", arguments: [1, 2], Backend.all)
    func repeatable(threads: Int, backend: Backend) throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch2.13-opset17"), options: backend.options(threads: threads))
        let workspace = Workspace(for: model.architecture)
        for samples in [16_000, 400, 50_000, 719, 16_000] {
            let signal = noise(samples)
            let fresh = try model.predict(signal)
            #expect(try model.predict(signal, workspace: workspace).bits == fresh.bits)
        }
    }

    @Test("can use a workspace again with other numbers of threads")
    func workspaceAcrossTeams() throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch2.13-opset17"), options: EngineOptions(threads: 1))
        let workspace = Workspace(for: model.architecture)
        for (threads, samples) in [(1, 5_000), (3, 5_000), (2, 60_000), (5, 400), (1, 60_000)] {
            let signal = noise(samples)
            let team = model.with(threads: threads)
            #expect(try team.predict(signal, workspace: workspace).bits == (try team.predict(signal).bits))
        }
    }

    @Test("gives concurrent calls the same bits as single ones", arguments: [1, 2, 3], Backend.all)
    func concurrent(threads: Int, backend: Backend) async throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset13-inputnorm"), options: backend.options(threads: threads))
        let signals = (0..<16).map { noise(8_000 + 320 * $0) }
        // Some share the model's threads, some have their own.
        let models = signals.indices.map { $0 % 4 == 3 ? model.with(threads: 2) : model }
        let expected = try zip(models, signals).map { try $0.predict($1).bits }
        let predictions = try await withThrowingTaskGroup(of: (Int, [[UInt32]]).self) { group in
            for (index, signal) in signals.enumerated() {
                group.addTask { (index, try models[index].predict(signal).bits) }
            }
            return try await group.reduce(into: [Int: [[UInt32]]]()) { $0[$1.0] = $1.1 }
        }
        for (index, bits) in expected.enumerated() { #expect(predictions[index] == bits, "call \(index)") }
    }

    @Test("shares its weights with its copies on other threads")
    func sharedWeights() throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset11"), options: EngineOptions(threads: 2))
        let other = model.with(threads: 3)
        #expect(model.threads == 2 && other.threads == 3)
        #expect(other.backend == model.backend && other.architecture == model.architecture)
        #expect(other.labels == model.labels && other.metadata == model.metadata)
        let (weight, same) = (
            model.network.encoder[0].attention.output.weight.bytes,
            other.network.encoder[0].attention.output.weight.bytes
        )
        weight.withUnsafeBytes { bytes in same.withUnsafeBytes { #expect($0.baseAddress == bytes.baseAddress) } }
    }

    @Test("gives the same bits in two parts, features and encoder", arguments: Fixtures.modelNames, [1, 3])
    func twoParts(name: String, threads: Int) throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model(name), options: EngineOptions(threads: threads))
        let signal = noise(52_400)
        let features = try model.features(signal)
        #expect(features.count == 163 * model.architecture.featureChannels)
        #expect(try model.predict(features: features) == model.predict(signal))
        let workspace = Workspace(for: model.architecture)
        #expect(try model.features(signal, workspace: workspace) == features)
        #expect(try model.predict(features: features, workspace: workspace) == model.predict(signal))
    }

    @Test("shares the frames of overlapping signals, bit for bit")
    func sharedFrames() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        let (hop, channels) = (model.architecture.hop, model.architecture.featureChannels)
        let signal = noise(52_400)
        let whole = try model.features(signal)
        for (first, frames) in [(0, 1), (1, 40), (17, 33), (100, 63)] {
            let samples = (frames - 1) * hop + model.architecture.minimumSamples
            let part = try model.features(Array(signal[first * hop..<first * hop + samples]))
            #expect(part == Array(whole[first * channels..<(first + frames) * channels]), "from frame \(first)")
        }
    }

    @Test("refuses features that are not whole frames or not finite")
    func refusedFeatures() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        #expect(throws: EngineError.incompleteFrames(numbers: 0, channels: 32)) { try model.predict(features: []) }
        #expect(throws: EngineError.incompleteFrames(numbers: 33, channels: 32)) {
            try model.predict(features: [Float](repeating: 0, count: 33))
        }
        #expect(throws: EngineError.nonFiniteFeature(index: 5)) {
            try model.predict(features: (0..<32).map { $0 == 5 ? .nan : 0 })
        }
    }

    @Test("computes with the kernels that it is told to, and says with which", arguments: Backend.all)
    func backends(backend: Backend) throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"), options: backend.options())
        #expect(model.backend.contains(backend.instructions.description))
        #expect(model.backend.contains(backend.products == .tiles ? "tiles" : "OpenBLAS"))
    }

    @Test("shows each stage once, in forward order, with its shape")
    func stages() throws {
        for name in Fixtures.modelNames {
            let model = try EmotionModel(contentsOf: Fixtures.model(name))
            let signal = noise(5_000)
            var seen: [Stage] = []
            let prediction = try model.states(signal) { state in
                let stage = try #require(state.stage)
                seen.append(stage)
                #expect(state.values.count == state.shape.reduce(1, *))
                if case .encoderLayer = stage {
                    #expect(state.shape[0] == model.architecture.frames(samples: signal.count))
                    #expect(state.shape[1] == model.architecture.hiddenSize)
                }
            }
            #expect(seen == Stage.all(of: model.architecture))
            #expect(prediction.names == model.architecture.outputs)
        }
    }

    @Test("refuses signals that are too short or not finite")
    func refuses() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        #expect(throws: EngineError.signalTooShort(samples: 0, minimum: 400)) { try model.predict([]) }
        #expect(throws: EngineError.signalTooShort(samples: 399, minimum: 400)) { try model.predict(noise(399)) }
        for bad in [Float.nan, .infinity, -.infinity] {
            var signal = noise(1_000)
            signal[17] = bad
            #expect(throws: EngineError.nonFiniteSample(index: 17)) { try model.predict(signal) }
        }
    }

    @Test("refuses finite signals on which the network overflows, so that no output is not a number")
    func overflow() throws {
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        var signal = noise(8_000)
        (signal[4_000], signal[4_001]) = (3e38, -3e38)
        #expect(throws: EngineError.nonFiniteOutput("hidden_states")) { try model.predict(signal) }
        #expect(throws: EngineError.nonFiniteOutput("hidden_states")) { try model.states(signal) { _ in } }
        (signal[4_000], signal[4_001]) = (1e30, -1e30)
        #expect(try model.predict(signal).values.joined().allSatisfy(\.isFinite))
    }

    @Test("passes on a visitor's error")
    func visitorThrows() throws {
        struct Stop: Error {}
        let model = try EmotionModel(contentsOf: Fixtures.model("torch1.10-opset11"))
        #expect(throws: Stop.self) { try model.states(noise(400)) { _ in throw Stop() } }
    }
}
