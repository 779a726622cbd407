import Foundation
import TestSupport
import Testing

/// A way to damage a checkpoint's folder, and what the program then says.
struct CheckpointDamage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: String
    let apply: @Sendable (CheckpointCopy) throws -> Void

    init(_ name: String, _ expected: String, _ apply: @escaping @Sendable (CheckpointCopy) throws -> Void) {
        testDescription = name
        self.expected = expected
        self.apply = apply
    }

    /// Expects that scoring with the folder ends soon, within little more than the addresses that the program's
    /// libraries take, in one line that says what is wrong.
    func expectRefused(_ fixture: CheckpointFixture = .emotion) throws {
        let copy = try CheckpointCopy(of: fixture)
        try apply(copy)
        let arguments = ["-m", copy.path, "--outputs", "hidden_states", Fixtures.speech("14b01Na.wav")]
        let begin = ContinuousClock.now
        expectRefusal(try CommandLineRun(arguments, megabytes: 1000), containing: copy.path, expected)
        #expect(begin.duration(to: .now) < .seconds(10))
    }
}

@Suite("Damaged safetensors files, as a process", .timeLimit(.minutes(2)))
struct CheckpointDamageTests {
    /// A header with one tensor.
    private static func entry(_ shape: String, _ offsets: String, type: String = "F32") -> String {
        #"{"t": {"dtype": "\#(type)", "shape": \#(shape), "data_offsets": \#(offsets)}}"#
    }

    private static func header(_ name: String, _ text: String, _ expected: String) -> CheckpointDamage {
        CheckpointDamage(name, expected) { try $0.setHeader(text.utf8) }
    }

    private static func length(_ length: UInt64, _ expected: String) -> CheckpointDamage {
        CheckpointDamage("a header of \(length) bytes", expected) { copy in
            try copy.overwrite("model.safetensors", at: 0, with: CheckpointCopy.littleEndian(length))
        }
    }

    private static let query = "wav2vec2.encoder.layers.1.attention.q_proj.weight"
    /// Where the last tensor begins, and where the data end.
    private static let (last, end) = (429_772, 430_028)

    private static let wrongHeaders = [
        length(1 << 63, "a header of 9223372036854775808 bytes is declared"),
        length(100_000_001, "safetensors files have one of 2 to 100000000"),
        length(100_000_000, "a header of 100000000 bytes is declared but 438404 are left"),
        length(1, "a header of 1 bytes is declared"), length(0, "a header of 0 bytes is declared"),
        length(8300, "the text is not JSON"),
        header("a list", "[1, 2]", "the header begins with the byte 91"),
        header("spaces first", "  {}", "the header begins with the byte 32"),
        header("a key twice", #"{"a": 1, "a": 2}"#, "the key 'a' is given twice"),
        header("a control character", "{\"\u{0}\": 1}", "the text is not JSON"),
        CheckpointDamage("not UTF-8", "the text is not UTF-8, at byte 2") {
            try $0.setHeader([0x7B, 0x22, 0xFF, 0x22, 0x7D])
        },
        header("a number for a tensor", #"{"t": 1}"#, "tensor 't': 1 is not an object"),
        header("no offsets", #"{"t": {"dtype": "F32", "shape": [1]}}"#, "data_offsets"),
        header("offsets reversed", entry("[1]", "[8, 4]"), "tensor 't': data_offsets are [8, 4]"),
        header("offsets beyond the end", entry("[1]", "[\(end), \(end + 4)]"), "within the \(end) bytes of data"),
        header("offsets of 2^62", entry("[1]", "[0, \(1 << 62)]"), "within the \(end) bytes of data"),
        header("negative offsets", entry("[1]", "[-4, 0]"), "data_offsets with -4 is not"),
        header("2^62 times 4 elements", entry("[\(1 << 62), 4]", "[0, 4]"), "more elements than can be counted"),
        header("2^64 elements", entry("[18446744073709551616]", "[0, 4]"), "is not a list of at most 32 whole"),
        header("40 dimensions", entry("[\(String(repeating: "1,", count: 39))1]", "[0, 4]"), "at most 32"),
        header("a type of its own", entry("[1]", "[0, 4]", type: "F33"), "no dtype of safetensors is called 'F33'"),
        header("a negative dimension", entry("[-1]", "[0, 4]"), "shape with -1 is not"),
        header("a fraction as dimension", entry("[1.5]", "[0, 4]"), "shape with 1.5 is not"),
        header("the rest of the data unused", entry("[1]", "[0, 4]"), "the tensors end at byte 4 of \(end) bytes"),
        header("no tensor", "{}", "the tensors end at byte 0"),
        header("a name in control characters", #"{"a\u001b[2J\nb": 1}"#, #"tensor 'a\u{1B}[2J\nb'"#),
        header(
            "deep lists", #"{"a":"# + String(repeating: "[", count: 100_000), "nested more than 64 levels deep"),
        header(
            "deep objects", String(repeating: #"{"a":"#, count: 100_000), "nested more than 64 levels deep"),
        header(
            "2^20 values", "{\"a\": [0" + String(repeating: ",0", count: 1 << 20) + "]}", "more than 1048576 values"),
        header(
            "a long name", "{\"" + String(repeating: "n", count: 1 << 20) + "\": 1}", "a name of 1048576 bytes"),
    ]

    @Test("of headers", arguments: wrongHeaders)
    func headers(damage: CheckpointDamage) throws { try damage.expectRefused() }

    private static func edit(
        _ name: String, _ expected: String, _ change: @escaping @Sendable (inout [String: Any]) -> Void
    ) -> CheckpointDamage {
        CheckpointDamage(name, expected) { try $0.editHeader(change) }
    }

    private static func tensor(_ key: String, _ value: [Int], _ expected: String) -> CheckpointDamage {
        CheckpointDamage("\(key) \(value)", expected) { try $0.editTensor(query, key, value) }
    }

    private static let wrongTensors = [
        edit("a tensor of another name", "\(query): the network needs this tensor, and it isn't there") {
            $0["other"] = $0.removeValue(forKey: query)
        },
        edit("a tensor too much", "a tensor has no place in the network (classifier.extra.weight)") {
            $0["classifier.extra.weight"] = ["dtype": "F32", "shape": [0], "data_offsets": [last, last]]
        },
        edit("a hole", "tensor 'wav2vec2.masked_spec_embed'") {
            $0["wav2vec2.feature_projection.projection.weight"] = nil
        },
        edit("an overlap", "tensors don't overlap") {
            $0["wav2vec2.masked_spec_embed"] = ["dtype": "F32", "shape": [65], "data_offsets": [last - 4, end]]
        },
        edit("a head without its second layer", "classifier.out_proj.weight: the network needs this tensor") {
            $0["spare"] = $0.removeValue(forKey: "classifier.out_proj.weight")
        },
        tensor("shape", [32, 128], "\(query): the shape is [32, 128]; config.json makes it [64, 64]"),
        tensor("shape", [4096], "\(query): the shape is [4096]; config.json makes it [64, 64]"),
        tensor("shape", [64, 65], "the shape [64, 65] of F32 takes 16640 bytes, but there are 16384"),
        CheckpointDamage("whole numbers", "\(query): its elements are I32; float32, float16 and bfloat16 are read") {
            try $0.editTensor(query, "dtype", "I32")
        },
    ]

    @Test("of tensors", arguments: wrongTensors)
    func tensors(damage: CheckpointDamage) throws { try damage.expectRefused() }

    @Test(
        "of what is cut short",
        arguments: [
            (CheckpointFixture.emotion, CheckpointFixture.emotion.weights),
            (.emotionBin, CheckpointFixture.emotionBin.weights), (.sharded, "model-00002-of-00002.safetensors"),
        ])
    func truncation(fixture: CheckpointFixture, name: String) throws {
        let whole = try CheckpointCopy(of: fixture).bytes(of: name).count
        let counts = [0, 1, 7, 8, 9, 4096, whole / 3, whole - 4096, whole - 22, whole - 1]
        for count in counts {
            let damage = CheckpointDamage("cut to \(count) bytes", name) { copy in
                try copy.folder.write(copy.bytes(of: name).prefix(count), to: name)
            }
            try damage.expectRefused(fixture)
        }
    }

    @Test("files of other kinds are named for what they are, whatever they are called")
    func otherKinds() throws {
        for name in ["model.safetensors", "pytorch_model.bin"] {
            let kinds = [
                ([UInt8]("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8), "git lfs pull"),
                ([UInt8]("<html>401</html>".utf8), "is a web page or an XML file"),
                ([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46], "was saved by torch before 1.6"),
            ]
            for (bytes, expected) in kinds {
                let damage = CheckpointDamage(name, expected) { copy in
                    try copy.remove("model.safetensors")
                    try copy.folder.write(bytes, to: name)
                }
                try damage.expectRefused()
            }
        }
    }
}
