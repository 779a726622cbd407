import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("Architecture")
struct ArchitectureTests {
    /// The published model's sizes.
    static var published: Architecture {
        get throws {
            try Architecture(
                input: "signal", inputNormalizationEpsilon: nil,
                featureExtractor: zip([10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]).enumerated().map { index, layer in
                    Architecture.Convolution(
                        inputChannels: index == 0 ? 1 : 512, outputChannels: 512, kernel: layer.0, stride: layer.1)
                },
                hiddenSize: 1024, positionalConvolution: .init(kernel: 128, groups: 16, padding: 64), encoderLayers: 12,
                attentionHeads: 16, feedForwardSize: 4096, layerNormEpsilon: 1e-5, pooledOutput: "hidden_states",
                heads: [.init(output: "logits", denseSize: 1024, size: 3)])
        }
    }

    @Test(
        "counts frames as the convolutions do",
        arguments: [(399, 0), (400, 1), (719, 1), (720, 2), (16_000, 49), (160_000, 499)])
    func frames(samples: Int, frames: Int) throws {
        #expect(try Self.published.frames(samples: samples) == frames)
    }

    @Test("has the published hop, receptive field and sizes")
    func sizes() throws {
        #expect(try Self.published.hop == 320)
        #expect(try Self.published.minimumSamples == 400)
        #expect(try Self.published.headSize == 64)
        // torch counts 165,336,707: with 128 of the weight norm's g and 1024 of the mask embedding, which inference
        // doesn't need.
        #expect(try Self.published.parameterCount == 165_336_707 - 128 - 1024)
    }

    @Test("counts about 20.5 GFLOP for a second of audio")
    func operations() throws {
        let operations = Double(try Self.published.floatingPointOperations(samples: 16_000))
        #expect(abs(operations / 20.5e9 - 1) < 0.02)
    }
}
