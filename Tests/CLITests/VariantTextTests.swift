import Charts
import Testing
import W2V2Engine

@testable import emotion_cli

@Suite("Texts and pictures of networks for sequence classification")
struct VariantTextTests {
    private func architecture(_ pooling: Architecture.Pooling, _ kind: Architecture.Head.Kind) throws -> Architecture {
        try Architecture(
            input: "signal", inputNormalizationEpsilon: nil,
            featureExtractor: [.init(inputChannels: 1, outputChannels: 8, kernel: 10, stride: 5)], hiddenSize: 16,
            positionalConvolution: .init(kernel: 4, groups: 2, padding: 2), encoderLayers: 3, attentionHeads: 2,
            feedForwardSize: 32, layerNormEpsilon: 1e-5, pooledOutput: "hidden_states",
            heads: [.init(output: "logits", denseSize: 12, size: 2, kind: kind)], pooling: pooling)
    }

    private func rows(_ architecture: Architecture) -> [String] {
        ArchitectureText.lines(
            ArchitectureText(architecture: architecture, labels: ["logits": ["calm", "not"]]).rows())
    }

    @Test("tell of the mix and of the head's kind, where they are not the published ones")
    func text() throws {
        let published = rows(try architecture(.finalNorm, .tanh))
        #expect(published.contains("head                    16 → 12, tanh, → logits [2]: calm, not"))
        #expect(!published.contains { $0.contains("mix") })
        let mixed = rows(try architecture(.layerMix, .linear))
        #expect(mixed.contains("head                    16 → 12, → logits [2]: calm, not"))
        #expect(
            mixed.contains("layer mix               weighted sum of 4 states, the last of them before the final norm"))
        let normed = rows(try architecture(.layerMixWithFinalNorm, .linear))
        #expect(
            normed.contains("layer mix               weighted sum of 4 states, the last of them after the final norm"))
        let last = rows(try architecture(.lastLayer, .linear))
        let pooling = "mean over time of the last layer's output, before the final norm → hidden_states [16]"
        #expect(last.contains("pooling                 \(pooling)"))
        #expect(published.contains("pooling                 mean over time → hidden_states [16]"))
    }

    @Test("draw the mix and the head's kind")
    func picture() throws {
        let published = ArchitectureChart(try architecture(.finalNorm, .tanh), title: "m", samples: 16_000).svg
        #expect(!published.contains("layer mix") && published.contains("Linear 16 → 12, tanh, Linear 12 → 2"))
        let mixed = ArchitectureChart(try architecture(.layerMix, .linear), title: "m", samples: 16_000).svg
        #expect(mixed.contains("layer mix") && mixed.contains("weighted sum of 4 states"))
        #expect(mixed.contains("Linear 16 → 12, Linear 12 → 2"))
    }
}
