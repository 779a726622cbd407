import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// config.json and preprocessor_config.json.
@Suite struct ConfigurationTests {
    private func configuration(_ text: String, preprocessor: String? = nil) throws -> CheckpointConfiguration {
        let folder = try TemporaryFolder()
        try folder.write(Array(text.utf8), to: "config.json")
        if let preprocessor { try folder.write(Array(preprocessor.utf8), to: "preprocessor_config.json") }
        return try CheckpointConfiguration(folder: folder.path)
    }

    /// What is wrong, without the folder.
    private func message(_ text: String, preprocessor: String? = nil) throws -> String? {
        do {
            _ = try configuration(text, preprocessor: preprocessor)
            return nil
        } catch let error as CheckpointError {
            let parts = "\(error)".split(separator: "/", omittingEmptySubsequences: false)
            return parts.drop { !$0.hasPrefix("config.json") && !$0.hasPrefix("preprocessor") }.joined(separator: "/")
        }
    }

    @Test func defaultsAreThoseOfTransformers() throws {
        let configuration = try configuration("{}")
        #expect(configuration.architecture == nil)
        #expect(configuration.modelType == nil)
        #expect(configuration.convolutionSizes == [512, 512, 512, 512, 512, 512, 512])
        #expect(configuration.convolutionKernels == [10, 3, 3, 3, 3, 2, 2])
        #expect(configuration.convolutionStrides == [5, 2, 2, 2, 2, 2, 2])
        #expect(!configuration.convolutionBias)
        #expect(configuration.featureNorm == .group)
        #expect(configuration.featureActivation == "gelu")
        #expect(configuration.normalizesProjection)
        #expect(configuration.hiddenSize == 768)
        #expect(configuration.layerCount == 12)
        #expect(configuration.headCount == 12)
        #expect(configuration.feedForwardSize == 3072)
        #expect(configuration.hiddenActivation == "gelu")
        #expect(configuration.layerNormEpsilon == 1e-5)
        #expect(!configuration.normalizesFirst)
        #expect(configuration.positionKernel == 128)
        #expect(configuration.positionGroups == 16)
        #expect(!configuration.positionBatchNorm)
        #expect(!configuration.hasAdapter)
        #expect(!configuration.usesWeightedLayerSum)
        #expect(configuration.classifierProjectionSize == 256)
        #expect(configuration.labels == nil)
        #expect(configuration.labelCount == 2)
        #expect(configuration.poolingMode == nil)
        #expect(configuration.finetuningTask == nil)
        #expect(configuration.problemType == nil)
        #expect(configuration.normalizesInput == nil)
    }

    @Test func fixturesAreRead() throws {
        let emotion = try CheckpointConfiguration(folder: Fixtures.checkpoint("emotion"))
        #expect(emotion.architecture == "Wav2Vec2ForSpeechClassification")
        #expect(emotion.modelType == "wav2vec2")
        #expect(emotion.hiddenSize == 64)
        #expect(emotion.layerCount == 2)
        #expect(emotion.headCount == 4)
        #expect(emotion.feedForwardSize == 128)
        #expect(emotion.convolutionSizes == [32, 32, 32, 32, 32, 32, 32])
        #expect(emotion.convolutionBias)
        #expect(emotion.featureNorm == .layer)
        #expect(emotion.normalizesFirst)
        #expect(emotion.positionKernel == 16)
        #expect(emotion.positionGroups == 4)
        #expect(emotion.layerNormEpsilon == 1e-5)
        #expect(emotion.labels == ["arousal", "dominance", "valence"])
        #expect(emotion.labelCount == 3)
        #expect(emotion.finetuningTask == "wav2vec2_reg")
        #expect(emotion.problemType == nil)
        #expect(emotion.normalizesInput == true)

        let hubert = try CheckpointConfiguration(folder: Fixtures.checkpoint("classes-hubert"))
        #expect(hubert.modelType == "hubert")
        #expect(hubert.labels == ["neu", "hap", "ang", "sad"])
        #expect(hubert.normalizesInput == false)
        #expect(hubert.classifierProjectionSize == 24)
        #expect(try CheckpointConfiguration(folder: Fixtures.checkpoint("classes-weighted")).usesWeightedLayerSum)
        for name in ["emotion-bin", "agegender-float16", "encoder-sharded-bfloat16"] {
            #expect(try CheckpointConfiguration(folder: Fixtures.checkpoint(name)).hiddenSize == 64)
        }
    }

    @Test func whatIsGivenCounts() throws {
        let given = try configuration(
            #"{"pooling_mode":"mean","add_adapter":true,"num_labels":3,"id2label":null,"architectures":["A","B"],"#
                + #""conv_dim":[1,2],"conv_kernel":[3,4],"conv_stride":[5,6],"layer_norm_eps":0.5,"hidden_act":"relu"}"#,
            preprocessor: "{}")
        #expect(given.poolingMode == "mean")
        #expect(given.hasAdapter)
        #expect(given.labelCount == 3)
        #expect(given.labels == nil)
        #expect(given.architecture == "A")
        #expect(given.convolutionStrides == [5, 6])
        #expect(given.layerNormEpsilon == 0.5)
        #expect(given.hiddenActivation == "relu")
        #expect(given.normalizesInput == true)
    }

    @Test(arguments: [
        ("hidden_size", "0"), ("hidden_size", "-1"), ("hidden_size", "1.5"), ("hidden_size", "64.0"),
        ("hidden_size", "1e400"), ("hidden_size", "99999999999999999999"), ("hidden_size", "1048577"),
        ("num_hidden_layers", "true"), ("num_attention_heads", "null"), ("intermediate_size", "[1]"),
        ("classifier_proj_size", "{}"), ("num_labels", "1e3"),
    ])
    func sizesAreWholeNumbersInRange(key: String, value: String) throws {
        let message = try message("{\"\(key)\": \(value)}")
        #expect(message?.hasPrefix("config.json: key '\(key)': ") == true)
        #expect(message?.hasSuffix(" is not a whole number from 1 to 1048576") == true, "\(message ?? "taken")")
    }

    @Test(arguments: [
        (#"{"conv_dim":512}"#, "key 'conv_dim': 512 is not a list of 1 to 64 sizes"),
        (#"{"conv_dim":[]}"#, "key 'conv_dim': a list of 0 is not a list of 1 to 64 sizes"),
        (
            #"{"conv_kernel":[10]}"#,
            "key 'conv_kernel': a list of 1 is not a list of 7 sizes, as many as conv_dim has"
        ),
        (#"{"conv_stride":[5,2,2,2,2,2,"2"]}"#, "key 'conv_stride': '2' is not a whole number from 1 to 1048576"),
        (#"{"conv_bias":1}"#, "key 'conv_bias': 1 is not true or false"),
        (#"{"feat_extract_norm":"batch"}"#, "key 'feat_extract_norm': 'batch' is not 'group' or 'layer'"),
        (#"{"layer_norm_eps":0}"#, "key 'layer_norm_eps': 0 is not a number between 0 and 1"),
        (#"{"layer_norm_eps":1e-999}"#, "key 'layer_norm_eps': 1e-999 is not a number between 0 and 1"),
        (#"{"layer_norm_eps":"x\ny"}"#, "key 'layer_norm_eps': 'x\\ny' is not a number between 0 and 1"),
        (#"{"hidden_act":null}"#, "key 'hidden_act': null is not a text"),
        (#"{"architectures":"A"}"#, "key 'architectures': 'A' is not a list of texts or null"),
        (#"{"architectures":[1]}"#, "key 'architectures': a list with 1 is not a list of texts"),
        (#"{"id2label":{}}"#, "key 'id2label': an object is not an object of 1 to 4096 labels"),
        (
            #"{"id2label":{"0":"a","2":"b"}}"#,
            "key 'id2label': an object of 2 labels without \"1\" is not one whose keys are \"0\" to \"1\""
        ),
        (#"{"id2label":{"0":1}}"#, "key 'id2label': \"0\": 1 is not a label, which is a text"),
        (
            #"{"id2label":{"0":"a"},"num_labels":2}"#,
            "key 'num_labels': 2 is not 1, the number of labels in id2label"
        ),
        (#"{"a":1,"a":2}"#, "the key 'a' is given twice; once is allowed, at byte 7"),
        (#"{"a":NaN}"#, "the text is not JSON, at byte 5"),
        (#"[1]"#, "is not a JSON object, which is in braces"),
    ])
    func wrongValuesAreNamed(text: String, expected: String) throws {
        #expect(try message(text) == "config.json: \(expected)")
    }

    @Test func filesAreSmallAndShallow() throws {
        let deep = "{\"a\":" + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}"
        #expect(try message(deep)?.contains("nested more than 64 levels deep") == true)
        let large = "{\"a\":\"" + String(repeating: "x", count: 1 << 20) + "\"}"
        #expect(try message(large)?.hasSuffix("has 1048584 bytes; such a file has at most 1048576") == true)
        let empty = try TemporaryFolder()
        #expect {
            try CheckpointConfiguration(folder: empty.path)
        } throws: {
            "\($0)" == "\(empty.path)/config.json: cannot be opened: No such file or directory"
        }
    }

    @Test func preprocessorsAreCheckedToo() throws {
        #expect(
            try message("{}", preprocessor: #"{"do_normalize":"yes"}"#)
                == "preprocessor_config.json: key 'do_normalize': 'yes' is not true or false")
        #expect(try configuration("{}", preprocessor: #"{"do_normalize":false}"#).normalizesInput == false)
    }

    @Test func everyTruncationIsRefused() throws {
        let whole = try [UInt8](Data(contentsOf: URL(filePath: Fixtures.checkpoint("emotion/config.json"))))
        let folder = try TemporaryFolder()
        for count in stride(from: 0, to: whole.count, by: 7) {
            try folder.write(whole.prefix(count), to: "config.json")
            #expect(throws: CheckpointError.self) { try CheckpointConfiguration(folder: folder.path) }
        }
    }
}
