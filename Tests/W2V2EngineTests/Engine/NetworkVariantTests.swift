import Kernels
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Networks for sequence classification: mixed layers and linear heads")
struct NetworkVariantTests {
    /// How far a state may be from Double, relative to its largest number.
    static let relative = StateTolerance.usual
    /// Half a unit in the last place of 1.
    static let rounding = 0x1p-24
    /// One frame, one sample short of the fourth, and a prime number of frames.
    static let lengths = [50, 109, 1_970]

    @Test("agree with a naive network in Double after every stage", arguments: NetworkVariant.allCases, Backend.all)
    func parity(variant: NetworkVariant, backend: Backend) throws {
        let network = try SeededNetwork(variant.architecture)
        let naive = NaiveNetwork(network)
        for length in Self.lengths {
            let signal = noise(length, seed: UInt64(length))
            let expected = naive.states(signal)
            let model = try network.model(backend.options(threads: 2))
            let states = try model.states(signal).states
            #expect(Set(states.compactMap(\.stage)) == Set(expected.keys))
            for state in states {
                let stage = try #require(state.stage)
                let exact = try #require(expected[stage]).flatMap(\.self)
                let scale = exact.map(abs).max() ?? 1
                #expect(
                    largestDifference(state.values, exact) <= Self.relative * scale, "\(state.name), \(length) samples")
            }
        }
    }

    @Test(
        "mix what the stages show, to a rounding a state", arguments: [NetworkVariant.mixed, .mixedWithFinalNorm],
        Backend.all)
    func mix(variant: NetworkVariant, backend: Backend) throws {
        let network = try SeededNetwork(variant.architecture)
        let states = try network.model(backend.options()).states(noise(1_970))
        let last = variant == .mixed ? "hidden_states.3" : "last_hidden_state"
        let mixed = try ["hidden_states.0", "hidden_states.1", "hidden_states.2", last].map { name in
            try #require(states[name]?.values.map(Double.init))
        }
        let shares = try #require(try network.model().network.layerMix).shares
        #expect(shares.count == 4 && abs(shares.reduce(0, +) - 1) < 1e-15 && Set(shares).count == 4)
        let exact = mixed[0].indices.map { index in zip(shares, mixed).reduce(0) { $0 + $1.0 * $1.1[index] } }
        let sum = try #require(states["layer_mix"])
        let largest = mixed.flatMap(\.self).map(abs).max() ?? 0
        // A share is rounded once, and each addition once: the partial sums are no larger than the largest number.
        #expect(largestDifference(sum.values, exact) <= 2 * 4 * Self.rounding * largest)
        #expect(sum.meanOverTime == states.prediction["hidden_states"])
        #expect(states["last_hidden_state"]?.meanOverTime != states.prediction["hidden_states"])
    }

    @Test("have the same bits on any number of threads, with and without states, and in a workspace used before")
    func bits() throws {
        for variant in NetworkVariant.allCases {
            let model = try SeededNetwork(variant.architecture).model()
            let workspace = Workspace(for: model.architecture)
            for length in Self.lengths.reversed() {
                let signal = noise(length)
                let expected = try model.predict(signal).bits
                #expect(try model.predict(signal, workspace: workspace).bits == expected)
                #expect(try model.predict(features: try model.features(signal)).bits == expected)
                for threads in 1...3 {
                    #expect(try model.with(threads: threads).predict(signal).bits == expected)
                    #expect(try model.with(threads: threads).states(signal).prediction.bits == expected)
                }
            }
        }
    }

    @Test("show the mix after the final norm, and only where there is one", arguments: NetworkVariant.allCases)
    func stages(variant: NetworkVariant) throws {
        let architecture = try variant.architecture
        let names = Stage.all(of: architecture).map { $0.name(in: architecture) }
        let tail =
            variant.pooling.mixesLayers
            ? ["last_hidden_state", "layer_mix", "hidden_states"] : ["last_hidden_state", "hidden_states"]
        #expect(Array(names.drop { $0 != "last_hidden_state" }) == tail + architecture.heads.map(\.output))
        #expect(architecture.mixedStages.count == (variant.pooling.mixesLayers ? 4 : 0))
        let model = try SeededNetwork(architecture).model()
        let selection = StateSelection(stages: [.mixed])
        if variant.pooling.mixesLayers {
            let states = try model.states(noise(1_970), selection)
            #expect(states.states.map(\.name) == ["layer_mix"] && states.states[0].shape == [97, 45])
        } else {
            #expect(throws: EngineError.noSuchState("mixed")) { try model.states(noise(1_970), selection) }
        }
    }

    @Test("give the same bits when packed, and name their weights", arguments: NetworkVariant.allCases)
    func packing(variant: NetworkVariant) throws {
        let network = try SeededNetwork(variant.architecture)
        let folder = try TemporaryFolder()
        let path = folder.file("model.packed")
        try PackedContents(architecture: network.architecture, labels: [:], metadata: [:])
            .write(network.parameters, to: path)
        let packed = try EmotionModel(contentsOf: path)
        #expect(packed.architecture == network.architecture)
        #expect(try packed.predict(noise(1_970)).bits == (try network.model().predict(noise(1_970)).bits))
        let summary = try PackedModelSummary(contentsOf: path)
        let mix = summary.blocks.filter { $0.name == "layer_weights" }
        #expect(mix.map(\.byteCount) == (variant.pooling.mixesLayers ? [4 * 4] : []))
        #expect(summary.architecture.parameterCount == network.parameters.reduce(0) { $0 + $1.elements.count })

        // Neither form's parameters are the other's.
        let other = try (variant.pooling.mixesLayers ? NetworkVariant.linear : .mixed).architecture
        let contents = PackedContents(architecture: other, labels: [:], metadata: [:])
        if variant == .linear {
            #expect(throws: WeightError.missing("layer_weights")) { try contents.write(network.parameters, to: path) }
        } else if variant == .mixed {
            #expect(throws: WeightError.unused("layer_weights")) { try contents.write(network.parameters, to: path) }
        }
    }

    @Test("take memory for the mix only where there is one")
    func memory() throws {
        let plain = try SeededNetwork(NetworkVariant.linear.architecture).model()
        let mixing = try SeededNetwork(edited(plain.architecture, "pooling", "layer_mix")).model()
        let signal = noise(100_010)
        let frames = plain.architecture.frames(samples: signal.count)
        let sum = 4 * frames * 45
        #expect(
            mixing.memory(samples: signal.count, threads: 2) == plain.memory(samples: signal.count, threads: 2) + sum)
        for model in [plain, mixing] {
            let workspace = Workspace(for: model.architecture)
            _ = try model.predict(signal, workspace: workspace)
            #expect(workspace.byteCount == model.memory(samples: signal.count, threads: 1))
        }
        let selection = StateSelection(stages: [.mixed])
        #expect(StateMemory(of: selection, in: mixing, samples: signal.count).needed == 2 * sum)
    }
}
