import Testing
import W2V2Engine

@testable import emotion_cli

@Suite("Lists of stages")
struct StageListTests {
    /// Three layers, two heads, and a normalised input.
    private static var architecture: Architecture {
        get throws {
            try Architecture(
                input: "signal", inputNormalizationEpsilon: 1e-7,
                featureExtractor: [
                    .init(inputChannels: 1, outputChannels: 8, kernel: 4, stride: 2),
                    .init(inputChannels: 8, outputChannels: 8, kernel: 2, stride: 2),
                ],
                hiddenSize: 16, positionalConvolution: .init(kernel: 4, groups: 2, padding: 2), encoderLayers: 3,
                attentionHeads: 2, feedForwardSize: 32, layerNormEpsilon: 1e-5, pooledOutput: "hidden_states",
                heads: [
                    .init(output: "logits_age", denseSize: 16, size: 1),
                    .init(output: "logits_sex", denseSize: 16, size: 3),
                ])
        }
    }

    private static let layers: [Stage] = [.positionalEmbedding] + (0..<3).map { .encoderLayer($0) }

    @Test(
        "name stages by number, range, name and family",
        arguments: [
            ("0", [layers[0]]), ("3", [layers[3]]), ("0,2", [layers[0], layers[2]]), ("1-3", Array(layers[1...])),
            ("2-2", [layers[2]]), ("0-1, 3 ,1-1", [layers[0], layers[1], layers[3]]),
            ("hidden_states.2", [layers[2]]), ("hidden_states", [.pooled]), ("hidden_states.*", layers),
            ("last_hidden_state,logits_sex", [.finalNorm, .head(1)]), ("input_normalization", [.inputNormalization]),
            ("feature_extractor.*", [.featureExtractor(layer: 0), .featureExtractor(layer: 1)]),
            ("feature_extractor.conv_layers.1,extract_features", [.featureExtractor(layer: 1), .extractedFeatures]),
            ("feature_projection", [.featureProjection]),
        ] as [(String, [Stage])])
    func stages(text: String, stages: [Stage]) throws {
        #expect(try StageList(text).stages(in: Self.architecture) == Set(stages))
    }

    @Test(
        "refuse what is no number, range or name",
        arguments: [
            "", " ", ",", "1,", ",1", "1,,2", "-", "-1", "1-", "--", "1--2", "3-1", "1-2-3", "99999999999999999999",
            "0-99999999999999999999", ".*", "*", "hidden*", "a b", "1 2", "0,hidden states",
        ])
    func malformed(text: String) {
        let error = #expect(throws: StageListError.self) { try StageList(text) }
        guard case .malformed(let part) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((part.isEmpty || text.contains(part)) && error?.description.contains("'\(part)'") == true)
    }

    @Test("refuse layers that the model doesn't have, and say which it has", arguments: ["4", "0-4", "1,4-9"])
    func noSuchLayer(text: String) throws {
        let error = #expect(throws: StageListError.self) { try StageList(text).stages(in: Self.architecture) }
        #expect(error?.description.contains("0 to 3") == true)
    }

    @Test(
        "refuse names that the model doesn't have, and say which it has",
        arguments: ["logits", "hidden_states.4", "feature_extractor", "nothing.*", "0x1", "1.5", "Logits_age"])
    func noSuchStage(text: String) throws {
        let error = #expect(throws: StageListError.self) { try StageList(text).stages(in: Self.architecture) }
        guard case .noSuchStage(text, let known) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let architecture = try Self.architecture
        #expect(known == Stage.all(of: architecture).map { $0.name(in: architecture) })
    }

    @Test("of huge ranges are refused without being counted out")
    func hugeRange() {
        #expect(throws: StageListError.noSuchLayer(Int.max, last: 3)) {
            try StageList("0-\(Int.max)").stages(in: Self.architecture)
        }
    }
}
