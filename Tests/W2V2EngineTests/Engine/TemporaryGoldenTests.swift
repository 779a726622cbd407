import NumPyFiles
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("TemporaryGolden")
struct TemporaryGoldenTests {
    @Test(arguments: ["classes-weighted", "classes-hubert"], Backend.all)
    func golden(name: String, backend: Backend) throws {
        let file = try NPZArchive(contentsOf: "/tmp/variants/\(name).npz")
        let mixes = name == "classes-weighted"
        let parameters = try file.names.filter { $0.hasPrefix("p/") }.map { key in
            let array = try file.array(named: key)
            let shape = array.shape
            return SeededParameter(name: String(key.dropFirst(2)), shape: shape, elements: try #require(array.float32))
        }
        for normed in mixes ? [false, true] : [false] {
            let architecture = try Architecture(
                input: "signal", inputNormalizationEpsilon: mixes ? 1e-7 : nil,
                featureExtractor: zip([10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]).enumerated().map { index, layer in
                    .init(inputChannels: index == 0 ? 1 : 32, outputChannels: 32, kernel: layer.0, stride: layer.1)
                },
                hiddenSize: 64, positionalConvolution: .init(kernel: 16, groups: 4, padding: 8), encoderLayers: 2,
                attentionHeads: 4, feedForwardSize: 128, layerNormEpsilon: 1e-5, pooledOutput: "hidden_states",
                heads: [.init(output: "logits", denseSize: 24, size: 4, kind: .linear)], mixesLayers: mixes,
                mixesFinalNorm: normed)
            let model = try EmotionModel(
                architecture, parameters: parameters, labels: [:], metadata: [:], options: backend.options(threads: 2))
            if backend == Backend.all[0] {
                try PackedContents(architecture: architecture, labels: ["logits": ["neu", "hap", "ang", "sad"]], metadata: [:])
                    .write(parameters, to: "/tmp/variants/\(name)\(normed ? "-v4" : "").packed")
            }
            _ = model
        }
    }
}
