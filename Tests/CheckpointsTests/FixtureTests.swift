import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Folders as the hub has them, written by transformers and torch.
@Suite struct FixtureTests {
    @Test(arguments: [
        ("emotion", CheckpointForm.safetensors, 74, "float32"),
        ("emotion-bin", .torch, 74, "float32"),
        ("agegender-float16", .safetensors, 78, "float16"),
        ("classes-weighted", .safetensors, 75, "float32"),
        ("classes-hubert", .safetensors, 74, "float32"),
        ("encoder-sharded-bfloat16", .safetensors, 70, "bfloat16"),
    ])
    func everyTensorIsRead(name: String, form: CheckpointForm, count: Int, type: String) throws {
        let weights = try CheckpointWeights(at: Fixtures.checkpoint(name))
        #expect(weights.form == form)
        #expect(weights.tensors.count == count)
        for tensor in weights.tensors {
            #expect(tensor.elementType.name == type)
            let floats = try tensor.floats()
            #expect(floats.count == tensor.elementCount)
            #expect(floats.allSatisfy { $0.isFinite && abs($0) < 100 }, "\(tensor.name)")
            #expect(floats.contains { $0 != 0 }, "\(tensor.name)")
            tensor.releasePages()
            #expect(try tensor.floats() == floats)
            #expect(weights[tensor.name]?.shape == tensor.shape)
        }
        #expect(weights["nothing"] == nil)
        weights.prefetch()
        weights.releasePages()
    }

    struct Expected: Sendable {
        let folder: String
        let name: String
        let shape: [Int]
        let first: [Float]
        let last: Float
        /// In float64, one after another.
        let sum: Double
    }

    /// As Python's struct module reads them.
    static let expected = [
        Expected(
            folder: "emotion", name: "classifier.dense.weight", shape: [64, 64],
            first: [-0.035203978419303894, -0.001815282041206956, -0.11057229340076447], last: -0.0662817433476448,
            sum: 3.46699270667159),
        Expected(
            folder: "agegender-float16", name: "age.dense.weight", shape: [64, 64],
            first: [0.1971435546875, -0.09112548828125, 0.290771484375], last: -0.1903076171875,
            sum: -10.851672410964966),
        Expected(
            folder: "encoder-sharded-bfloat16", name: "encoder.layers.0.attention.k_proj.bias", shape: [64],
            first: [0.023193359375, -0.13671875, 0.045654296875], last: 0.125, sum: 0.1673736572265625),
        Expected(
            folder: "encoder-sharded-bfloat16", name: "encoder.layer_norm.weight", shape: [64],
            first: [1.21875, 0.87109375, 1.0859375], last: 1.1796875, sum: 63.29296875),
        Expected(
            folder: "emotion-bin", name: "classifier.out_proj.weight", shape: [3, 64],
            first: [-0.02019805647432804, -0.05085637420415878, -0.11820133030414581], last: -0.16352060437202454,
            sum: 2.490204227855429),
        Expected(
            folder: "emotion-bin", name: "wav2vec2.encoder.pos_conv_embed.conv.weight_v", shape: [64, 16, 16],
            first: [-0.03259880095720291, -0.0006119832396507263, -0.05634205788373947], last: 0.029735267162322998,
            sum: 4.197353862226009),
    ]

    @Test(arguments: expected)
    func elementsAreTheOnesThatWereWritten(expected: Expected) throws {
        let weights = try CheckpointWeights(at: Fixtures.checkpoint(expected.folder))
        let tensor = try #require(weights[expected.name])
        let floats = try tensor.floats()
        #expect(tensor.shape == expected.shape)
        #expect(Array(floats.prefix(3)) == expected.first)
        #expect(floats.last == expected.last)
        #expect(floats.reduce(0) { $0 + Double($1) } == expected.sum)
        #expect(try tensor.floats(in: 1..<3) == Array(expected.first[1...]))
        #expect(try tensor.floats(in: 7..<7).isEmpty)
    }

    @Test func aFileOrAnIndexCanBeNamed() throws {
        let emotion = try CheckpointWeights(at: Fixtures.checkpoint("emotion/model.safetensors"))
        #expect(emotion.files == [Fixtures.checkpoint("emotion/model.safetensors")])
        #expect(try CheckpointWeights(at: Fixtures.checkpoint("emotion-bin/pytorch_model.bin")).tensors.count == 74)
        let sharded = try CheckpointWeights(
            at: Fixtures.checkpoint("encoder-sharded-bfloat16/model.safetensors.index.json"))
        #expect(sharded.tensors.count == 70)
        #expect(sharded.files.count == 2)
        #expect(sharded.fileSize == 136_720 + 77_032)
    }

    /// Cut anywhere, a file is refused. The headers are longer than the steps.
    @Test(arguments: ["emotion/model.safetensors", "emotion-bin/pytorch_model.bin"])
    func everyTruncationIsRefused(name: String) throws {
        let whole = try [UInt8](Data(contentsOf: URL(filePath: Fixtures.checkpoint(name))))
        let folder = try TemporaryFolder()
        for count in stride(from: 0, to: whole.count, by: 1999) {
            let path = try folder.write(whole.prefix(count), to: "file")
            #expect(refusal(at: path) != nil, "cut to \(count) bytes")
        }
    }

    /// Any byte may be anything: an answer or an error, never a trap.
    @Test(arguments: ["emotion/model.safetensors", "emotion-bin/pytorch_model.bin"])
    func bytesMayBeChanged(name: String) throws {
        let whole = try [UInt8](Data(contentsOf: URL(filePath: Fixtures.checkpoint(name))))
        let folder = try TemporaryFolder()
        let places =
            Array(stride(from: 0, to: 9000, by: 61)) + stride(from: whole.count - 6000, to: whole.count, by: 97)
        for index in places {
            for value: UInt8 in [0x2E, 0xFF] {
                var damaged = whole
                damaged[index] = value
                let path = try folder.write(damaged, to: "file")
                if refusal(at: path) == nil { _ = try? CheckpointWeights(at: path).tensors.map { try $0.floats() } }
            }
        }
    }
}
