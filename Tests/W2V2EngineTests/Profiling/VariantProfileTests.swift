import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Profiles of networks that mix their layers")
struct VariantProfileTests {
    @Test("have the mix between the final norm and the mean", arguments: NetworkVariant.allCases)
    func tree(variant: NetworkVariant) throws {
        let model = try SeededNetwork(variant.architecture).model(EngineOptions(threads: 2))
        let profile = try model.profile(noise(20_010), repeats: 2)
        let names = profile.network.children.map(\.name)
        let mix = variant.pooling.mixesLayers ? ["layer mix"] : []
        #expect(names.suffix(5 + mix.count - 1) == ["final norm"] + mix + ["mean over time", "heads", "rest"])
        guard let node = profile.network.children.first(where: { $0.name == "layer mix" }) else { return }
        // Zeros, and for each of four states its numbers, the sum, and the sum again; and four weights.
        let state = model.architecture.frames(samples: 20_010) * 45
        #expect(node.bytes == 4 * (13 * state + 4) && node.floatingPointOperations == 0)
        #expect(node.seconds > 0 && node.busySeconds.count == 2)
    }

    @Test("show each addition, and none within an encoder layer")
    func trace() throws {
        let model = try SeededNetwork(NetworkVariant.mixed.architecture).model()
        let lane = try model.trace(noise(20_010)).lanes[0]
        // What the caller sees of each, and the piece that it does.
        let mixing = lane.filter { $0.name == "layer mix" }
        #expect(mixing.count == 2 * 4 && mixing.allSatisfy { $0.stage == "layer mix" && $0.layer == nil })
        for layer in lane.filter({ $0.name.hasPrefix("layer ") && $0.stage == "encoder" }) {
            #expect(!mixing.contains { layer.start < $0.start && $0.end < layer.end })
        }
    }

    @Test("count the mix's weights as a part of its own")
    func parts() throws {
        for variant in NetworkVariant.allCases {
            let architecture = try variant.architecture
            let parts = architecture.parts(samples: 1_970)
            #expect(
                parts.filter { $0.name == "layer_weights" }.map(\.parameters)
                    == (variant.pooling.mixesLayers ? [4] : []))
            #expect(parts.reduce(0) { $0 + $1.parameters } == architecture.parameterCount)
        }
    }
}
