import Foundation
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("What an architecture says of its variant")
struct VariantDescriptionTests {
    @Test("is the published form where a file says nothing of it")
    func missing() throws {
        let published = try ArchitectureTests.published
        var fields = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(published)) as? [String: Any])
        #expect(fields.removeValue(forKey: "pooling") as? String == "final_norm")
        var heads = try #require(fields["heads"] as? [[String: Any]])
        #expect(heads[0].removeValue(forKey: "kind") as? String == "tanh")
        fields["heads"] = heads
        let read = try JSONDecoder().decode(
            Architecture.self, from: JSONSerialization.data(withJSONObject: fields))
        #expect(read == published && read.pooling == .finalNorm && read.heads[0].kind == .tanh)
    }

    @Test("is the same after writing and reading it", arguments: NetworkVariant.allCases)
    func roundTrip(variant: NetworkVariant) throws {
        let architecture = try variant.architecture
        let read = try JSONDecoder().decode(Architecture.self, from: JSONEncoder().encode(architecture))
        #expect(read == architecture && read.pooling == variant.pooling)
        #expect(read.heads.map(\.kind) == architecture.heads.map(\.kind))
    }

    @Test("a packed model written before there were variants is one of the published form")
    func olderFile() throws {
        /// The description as it was.
        struct OlderContents: Encodable {
            let architecture: OlderArchitecture
            let labels: [String: [String]]
            let metadata: [String: String]
        }
        let network = try SeededNetwork(NetworkVariant.published.architecture)
        let folder = try TemporaryFolder()
        let weights = try RecordedWeights.weights(of: network.architecture)
        let source = ConvertedWeights(network.parameters)
        let contents = OlderContents(
            architecture: try OlderArchitecture(network.architecture), labels: [:], metadata: [:])
        try PackedModelWriter.write(
            to: folder.file("model.packed"), contents: contents,
            blocks: weights.map {
                PackedBlock(name: $0.name, format: "float32", byteCount: $0.byteCount(.float32))
            }
        ) { index, write in
            try source.bytes(of: weights[index]).withUnsafeBytes { try write($0.bytes) }
        }
        let model = try EmotionModel(contentsOf: folder.file("model.packed"))
        #expect(model.architecture == network.architecture)
        #expect(try model.predict(noise(1_970)).bits == (try network.model().predict(noise(1_970)).bits))
    }

    @Test("is refused where it can't be, in one line")
    func hostile() throws {
        let architecture = try NetworkVariant.mixed.architecture
        let impossible: [(path: String, value: any Sendable, reason: String)] = [
            ("heads.0.kind", "relu", "'relu'"), ("heads.0.kind", "", "''"),
            ("heads.0.kind", "tanh\n", "tanh or linear"),
            ("heads.0.kind", String(repeating: "x", count: 1 << 20), "should be tanh or linear"),
            ("pooling", "mean", "'mean'"), ("pooling", "", "one of final_norm, last_layer"),
            ("encoderLayers", 0, "the number of encoder layers"),
            ("encoderLayers", Int.max, "the number of encoder layers"),
        ]
        for (path, value, reason) in impossible {
            let error = try #require(throws: EngineError.self) { try edited(architecture, path, value) }
            #expect(error.description.contains(reason) && error.description.utf8.count < 1000, "\(error)")
            #expect(!error.description.contains("\n"))
        }
        for path in ["pooling", "heads.0.kind"] {
            #expect(throws: DecodingError.self) { try edited(architecture, path, 1) }
        }
    }

    @Test("a weight that isn't a number makes no score")
    func nonFinite() throws {
        for value in [Float.nan, .infinity, -.infinity] {
            let network = try SeededNetwork(NetworkVariant.mixed.architecture)
            let parameters = network.parameters.map { parameter in
                parameter.name == "layer_weights"
                    ? SeededParameter(name: parameter.name, shape: [4], elements: [0, value, 1, 2]) : parameter
            }
            let model = try EmotionModel(
                network.architecture, parameters: parameters, labels: [:], metadata: [:], options: EngineOptions())
            if value == -.infinity {
                // A share of nothing.
                #expect(try model.predict(noise(400))["logits"]?.count == 4)
            } else {
                #expect(throws: EngineError.nonFiniteOutput("hidden_states")) { try model.predict(noise(400)) }
            }
        }
    }
}

/// The fields that an architecture had before there were variants.
private struct OlderArchitecture: Codable {
    struct Head: Codable {
        let output: String
        let denseSize, size: Int
    }

    let input, pooledOutput: String
    let inputNormalizationEpsilon: Double?
    let featureExtractor: [Architecture.Convolution]
    let hiddenSize, encoderLayers, attentionHeads, feedForwardSize: Int
    let positionalConvolution: Architecture.PositionalConvolution
    let layerNormEpsilon: Double
    let heads: [Head]

    init(_ architecture: Architecture) throws {
        self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(architecture))
    }
}
