import Kernels
import ONNXLoader
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Bits of networks in whole numbers")
struct PrecisionBitsTests {
    /// One frame, one sample short of the fourth, and a prime number of frames.
    private static let lengths = [50, 109, 1_970]

    @Test(
        "are the same on any number of threads, in a workspace used before, in two parts, and with states",
        arguments: NetworkVariant.allCases, Precision.whole)
    func variants(variant: NetworkVariant, precision: Precision) throws {
        let model = try SeededNetwork(variant.architecture).model(.whole(precision))
        let workspace = Workspace(for: model.architecture)
        for length in Self.lengths.reversed() {
            let signal = noise(length)
            let expected = try model.predict(signal).bits
            #expect(try model.predict(signal, workspace: workspace).bits == expected)
            let features = try model.features(signal)
            #expect(try model.predict(features: features).bits == expected)
            #expect(try model.predict(features: features, workspace: workspace).bits == expected)
            for threads in 1...3 {
                let team = model.with(threads: threads)
                #expect(try team.predict(signal).bits == expected)
                #expect(try team.predict(signal, workspace: workspace).bits == expected)
                let states = try team.states(signal)
                #expect(states.prediction.bits == expected)
                #expect(states.states.map(\.stage) == Stage.all(of: model.architecture))
            }
        }
    }

    @Test(
        "of a fixture model are the same whatever the threads and the feature extractor's tiles",
        arguments: [400, 16_000, 100_000], Precision.whole)
    func threads(samples: Int, precision: Precision) throws {
        for instructions in KernelSet.available {
            let model = try EmotionModel(
                contentsOf: Fixtures.model("torch1.10-opset11"), options: .whole(precision, instructions))
            let signal = noise(samples)
            let single = try model.predict(signal)
            // Observing runs the feature extractor in one piece.
            #expect(try model.states(signal) { _ in }.bits == single.bits)
            for threads in 2...3 {
                #expect(try model.with(threads: threads).predict(signal).bits == single.bits, "\(threads) threads")
            }
        }
    }

    @Test(
        "are the same with every instruction set, the baseline among them",
        arguments: ["torch1.10-opset11", "torch1.10-opset11-spiky", "torch2.13-opset18-dynamo"], Precision.whole)
    func instructionSets(name: String, precision: Precision) throws {
        let signals = [400, 5_003, 30_000].map { noise($0) }
        let predictions = try KernelSet.available.map { instructions in
            let model = try EmotionModel(contentsOf: Fixtures.model(name), options: .whole(precision, instructions))
            return try signals.map { try model.predict($0) }
        }
        for (instructions, found) in zip(KernelSet.available, predictions).dropFirst() {
            for (prediction, expected) in zip(found, predictions[0]) {
                #expect(prediction.bits == expected.bits, "\(instructions)")
            }
        }
    }

    @Test("are shared by overlapping signals, frame by frame", arguments: Precision.whole)
    func sharedFrames(precision: Precision) throws {
        let model = try EmotionModel(
            contentsOf: Fixtures.model("torch1.10-opset11"), options: .whole(precision, threads: 2))
        let (hop, channels) = (model.architecture.hop, model.architecture.featureChannels)
        let signal = noise(52_400)
        let whole = try model.features(signal)
        for (first, frames) in [(0, 1), (1, 40), (17, 33), (100, 63)] {
            let samples = (frames - 1) * hop + model.architecture.minimumSamples
            let part = try model.features(Array(signal[first * hop..<first * hop + samples]))
            #expect(part == Array(whole[first * channels..<(first + frames) * channels]), "from frame \(first)")
        }
    }

    @Test("are the same in a workspace that other precisions used", arguments: Precision.allCases)
    func sharedWorkspace(precision: Precision) throws {
        let network = try SeededNetwork(NetworkVariant.mixed.architecture)
        let workspace = Workspace(for: network.architecture)
        let model = try network.model(EngineOptions(threads: 1, precision: precision))
        let expected = try [1_970, 109].map { try model.predict(noise($0)).bits }
        for other in Precision.allCases {
            let used = try network.model(EngineOptions(threads: 2, precision: other))
            for length in [3_000, 109] {
                _ = try used.predict(noise(length), workspace: workspace)
                for (length, expected) in zip([1_970, 109], expected) {
                    #expect(try model.predict(noise(length), workspace: workspace).bits == expected, "after \(other)")
                }
            }
        }
    }

    @Test("take the memory that is said beforehand", arguments: NetworkVariant.allCases, Precision.allCases)
    func memory(variant: NetworkVariant, precision: Precision) throws {
        let model = try SeededNetwork(variant.architecture).model(EngineOptions(threads: 1, precision: precision))
        for length in [50, 1_970, 60_010] {
            for threads in 1...3 {
                let workspace = Workspace(for: model.architecture)
                let signal = noise(length)
                _ = try model.with(threads: threads).predict(signal, workspace: workspace)
                let normalized = model.architecture.inputNormalizationEpsilon == nil ? 0 : 4 * length
                #expect(workspace.byteCount + normalized == model.memory(samples: length, threads: threads))
            }
        }
    }
}
