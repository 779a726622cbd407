import Foundation
import TestSupport
import Testing

/// Configurations that are damaged, that ask for too much, or that describe another network.
@Suite("config.json of checkpoints, as a process", .timeLimit(.minutes(2)))
struct CheckpointConfigurationTests {
    private static func key(_ key: String, _ value: String, _ expected: String) -> CheckpointDamage {
        CheckpointDamage("\(key) \(value)", expected) { try $0.configure(key, value) }
    }

    private static func text(_ name: String, _ text: String, _ expected: String) -> CheckpointDamage {
        CheckpointDamage(name, expected) { try $0.folder.write(text.utf8, to: "config.json") }
    }

    private static let wrongSizes = [
        key("hidden_size", "\(1 << 62)", "key 'hidden_size': \(1 << 62) is not a whole number from 1 to 1048576"),
        key("hidden_size", "1048576", "config.json makes it [1048576, 32]"),
        key("hidden_size", "64.5", "key 'hidden_size': 64.5 is not a whole number"),
        key("num_hidden_layers", "1000000000", "is not a whole number from 1 to 1048576"),
        key("num_hidden_layers", "1048576", "encoder.layers.2.layer_norm.weight: the network needs this tensor"),
        key("num_hidden_layers", "1", "16 tensors have no place in the network (wav2vec2.encoder.layers.1."),
        key("num_attention_heads", "0", "key 'num_attention_heads': 0 is not a whole number"),
        key("num_attention_heads", "-4", "key 'num_attention_heads': -4 is not a whole number"),
        key("num_attention_heads", "5", "5"), key("num_attention_heads", "128", "128"),
        key("intermediate_size", "129", "the shape is [128, 64]; config.json makes it [129, 64]"),
        key("conv_dim", "[]", "a list of 0 is not a list of 1 to 64 sizes"),
        key("conv_dim", "[32, 32]", "key 'conv_kernel': a list of 7 is not a list of 2 sizes"),
        key("conv_kernel", "[10, 3, 3]", "a list of 3 is not a list of 7 sizes, as many as conv_dim has"),
        key("conv_stride", "[5, 2, 2, 2, 2, 2, 2, 2]", "key 'conv_stride': a list of 8 is not a list of 7 sizes"),
        key("conv_stride", "[5, 2, 2, 2, 2, 2, 0]", "key 'conv_stride': 0 is not a whole number"),
        key("conv_stride", "[\(String(repeating: "1048576,", count: 6))1048576]", "the hop is "),
        key("num_conv_pos_embeddings", "17", "config.json makes it [64, 16, 17]"),
        key("num_conv_pos_embedding_groups", "3", "num_conv_pos_embedding_groups: 3 groups of 64 channels"),
        key("id2label", #"{"0": "a", "1": "b"}"#, "id2label: 2 labels for 3 outputs"),
    ]

    @Test("sizes that no network has, or that the tensors don't have", arguments: wrongSizes)
    func sizes(damage: CheckpointDamage) throws { try damage.expectRefused() }

    private static let otherNetworks = [
        key("model_type", #""wavlm""#, "model_type: wavlm; this program computes wav2vec2 and hubert (WavLM"),
        key("feat_extract_norm", #""group""#, "feat_extract_norm: group norm after the first convolution alone"),
        key("do_stable_layer_norm", "false", "do_stable_layer_norm: norms after each block"),
        key("conv_bias", "false", "conv_bias: convolutions without bias; this program computes"),
        key("hidden_act", #""relu""#, "hidden_act: relu; this program computes gelu"),
        key("feat_extract_activation", #""gelu_new""#, "feat_extract_activation: gelu_new; this program computes gelu"),
        key("layer_norm_eps", "1e-12", "layer_norm_eps: 1e-12; this program computes norms with an epsilon of 1e-05"),
        key("add_adapter", "true", "add_adapter: convolutions after the encoder; this program computes"),
        key("pooling_mode", #""max""#, "pooling_mode: max; this program computes the mean over time"),
        key("model_type", #""w\u001b[31m""#, #"model_type: w\u{1B}[31m; this program computes"#),
    ]

    @Test("networks that are computed in another way are refused with what differs", arguments: otherNetworks)
    func networks(damage: CheckpointDamage) throws { try damage.expectRefused() }

    private static let wrongTexts = [
        text("empty", "", "config.json: the text is not JSON, at byte 0"),
        text("cut short", #"{"hidden_size": 64,"#, "config.json: the text is not JSON"),
        text("a list", "[]", "config.json: is not a JSON object"),
        text("a key twice", #"{"a": 1, "a": 1}"#, "config.json: the key 'a' is given twice"),
        text("deep lists", #"{"a":"# + String(repeating: "[", count: 100_000), "nested more than 64 levels deep"),
        text("deep objects", String(repeating: #"{"a":"#, count: 100_000), "nested more than 64 levels deep"),
        text("2 MB", "{\"a\": \"" + String(repeating: "x", count: 2 << 20) + "\"}", "such a file has at most 1048576"),
        text("YAML", "hidden_size: 64\n", "config.json: the text is not JSON"),
        CheckpointDamage("another file's setting", "preprocessor_config.json: key 'do_normalize': 1 is not true") {
            try $0.folder.write(#"{"do_normalize": 1}"#.utf8, to: "preprocessor_config.json")
        },
    ]

    @Test("texts that are no configuration", arguments: wrongTexts)
    func texts(damage: CheckpointDamage) throws { try damage.expectRefused() }

    @Test("every command refuses in one line", arguments: [wrongSizes[1], otherNetworks[0], wrongTexts[4]])
    func commands(damage: CheckpointDamage) throws {
        let copy = try CheckpointCopy()
        try damage.apply(copy)
        let (speech, output) = (Fixtures.speech("14b01Na.wav"), copy.folder.file("output.npz"))
        for arguments in [
            ["states", "-m", copy.path, speech, "-o", output], ["profile", "-m", copy.path, "--seconds", "1"],
            ["inspect", copy.path], ["inspect", copy.path, "--json"], ["verify", "-m", copy.path],
            ["convert", copy.path, output], ["bench", "-m", copy.path], ["worker", "-m", copy.path],
        ] {
            expectRefusal(
                try CommandLineRun(arguments, megabytes: 1000), containing: copy.path, damage.expected)
        }
        #expect(!FileManager.default.fileExists(atPath: output))
    }
}
