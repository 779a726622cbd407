import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Network
@testable import W2V2Recognition

@Suite("Recognition of the model exports")
struct RecognitionTests {
    /// The sizes that the fixtures were made with.
    private static func architecture(of name: String) throws -> Architecture {
        let kernels = [10, 3, 3, 3, 3, 2, 2]
        let strides = [5, 2, 2, 2, 2, 2, 2]
        let convolutions = zip(kernels, strides).enumerated().map { index, layer in
            Architecture.Convolution(
                inputChannels: index == 0 ? 1 : 32, outputChannels: 32, kernel: layer.0, stride: layer.1)
        }
        let isAgeGender = name.hasSuffix("agegender")
        let heads: [Architecture.Head] =
            isAgeGender
            ? [
                .init(output: "logits_age", denseSize: 64, size: 1),
                .init(output: "logits_gender", denseSize: 64, size: 3),
            ] : [.init(output: "logits", denseSize: 64, size: 3)]
        return try Architecture(
            input: name.hasSuffix("dynamicbatch") ? "input_values" : "signal",
            inputNormalizationEpsilon: name.hasSuffix("inputnorm") ? Double(Float(1e-7)) : nil,
            featureExtractor: convolutions, hiddenSize: 64,
            positionalConvolution: .init(kernel: 16, groups: 4, padding: 8),
            encoderLayers: isAgeGender ? 3 : name.hasSuffix("spiky") ? 4 : 2, attentionHeads: 4, feedForwardSize: 128,
            layerNormEpsilon: Double(Float(1e-5)), pooledOutput: "hidden_states", heads: heads)
    }

    @Test("sizes are read from the graph", arguments: Fixtures.modelNames)
    func sizes(name: String) throws {
        let recognized = try RecognizedModel(recognizing: try fixture(name))
        let architecture = recognized.architecture
        #expect(try architecture == Self.architecture(of: name))
        #expect(architecture.hop == 320)
        #expect(architecture.minimumSamples == 400)
        #expect(architecture.frames(samples: 16000) == 49)
    }

    @Test("every node is accounted for", arguments: Fixtures.modelNames)
    func account(name: String) throws {
        let model = try fixture(name)
        let recognized = try RecognizedModel(recognizing: model)
        #expect(recognized.roles.map(\.node) == model.graph.nodes.map(\.label))
        #expect(recognized.roles.allSatisfy { !$0.module.isEmpty && !$0.operation.isEmpty })
        for (node, role) in zip(model.graph.nodes, recognized.roles) {
            switch node.operation {
            case "Constant": #expect(role.kind == .folded)
            case "Conv", "Softmax", "Erf", "Tanh": #expect(role.kind == .layer)
            case "Shape", "Gather", "Range", "Where": #expect(role.kind == .plumbing)
            default: break
            }
        }
    }
}
