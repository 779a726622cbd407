import Foundation
import Kernels
import ONNXLoader
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("A packed emotion model")
struct PackedEmotionModelTests {
    private static let exports = [
        "torch1.10-opset11", "torch1.10-opset11-spiky", "torch1.10-opset12-agegender", "torch1.10-opset13-inputnorm",
        "torch2.13-opset17", "torch2.13-opset18-dynamo",
    ]
    /// 0.25 s that differ from sample to sample.
    private static let signal = (0..<4000).map { Float(($0 * 7919) % 1009) / 1009 - 0.5 }

    @Test("gives the same bits as the file it was made from", arguments: exports)
    func sameBits(export: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.packed")
        let file = try ONNXModel(contentsOf: Fixtures.model(export))
        try EmotionModel.pack(file, to: path)
        for products in [MatrixProducts.tiles, .openBLAS] where KernelSet.available[0] != .baseline {
            let options = EngineOptions(threads: 2, products: products)
            let original = try EmotionModel(file, options: options)
            let packed = try EmotionModel(contentsOf: path, options: options)
            #expect(packed.architecture == original.architecture)
            #expect(packed.labels == original.labels)
            #expect(packed.metadata == original.metadata)
            #expect(packed.backend == original.backend)
            let (expected, found) = (try original.predict(Self.signal), try packed.predict(Self.signal))
            #expect(found.names == expected.names)
            #expect(found.values == expected.values)
        }
    }

    @Test("gives the same bits when it is lean, call after call", arguments: [1, 2])
    func lean(threads: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.packed")
        try EmotionModel.pack(try ONNXModel(contentsOf: Fixtures.model("torch2.13-opset17")), to: path)
        let expected = try EmotionModel(contentsOf: path, options: EngineOptions(threads: threads)).predict(Self.signal)
        for frames in [0, 12, 13] {
            let options = EngineOptions(threads: threads, leanFrames: frames)
            let lean = try EmotionModel(contentsOf: path, options: options)
            for _ in 0..<3 { #expect(try lean.predict(Self.signal).values == expected.values) }
            #expect(try lean.with(threads: 3).predict(Self.signal).values == expected.values)
        }
    }

    @Test("has the same bytes each time, and keeps the labels it was given")
    func bytes() throws {
        let folder = try TemporaryFolder()
        let (first, second) = (folder.file("first"), folder.file("second"))
        let file = try ONNXModel(contentsOf: Fixtures.model("torch2.13-opset17"))
        let labels = ["logits": ["a", "b", "c"]]
        for path in [first, second] { try EmotionModel.pack(file, labels: labels, to: path) }
        #expect(try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: second)))
        #expect(try EmotionModel(contentsOf: first).labels == labels)
    }

    /// Sizes that make no network: the path of one in the description's JSON, and what it becomes.
    private static let impossibleSizes: [(path: String, value: any Sendable)] = [
        ("attentionHeads", 0), ("attentionHeads", -1), ("attentionHeads", 5), ("hiddenSize", 0),
        ("hiddenSize", Int.max), ("positionalConvolution.groups", 0), ("positionalConvolution.groups", 3),
        ("positionalConvolution.kernel", 0), ("positionalConvolution.padding", -1),
        ("positionalConvolution.padding", Int.max), ("featureExtractor", [Int]()), ("featureExtractor.0.stride", 0),
        ("featureExtractor.0.kernel", Int.min), ("featureExtractor.1.inputChannels", 33), ("encoderLayers", Int.max),
        ("feedForwardSize", -4), ("layerNormEpsilon", -1), ("heads.0.size", 0),
        ("heads.0.output", "hidden_states"), ("hiddenSize", 1 << 20), ("heads.0.denseSize", 1 << 40),
        ("encoderLayers", 1 << 20), ("featureExtractor.0.stride", 1 << 40), ("heads.0.size", 1 << 17),
    ]

    @Test("of another network's sizes is refused, though its checksums are right", arguments: impossibleSizes.indices)
    func impossibleArchitecture(change index: Int) throws {
        let (path, value) = Self.impossibleSizes[index]
        let architecture = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17")).architecture
        let folder = try TemporaryFolder()
        let file = folder.file("model.packed")
        let contents = PackedContents(architecture: architecture, labels: [:], metadata: [:])
        try Self.writeFile(
            JSONDecoder().decode(
                JSONValue.self, from: json(of: contents, replacing: "architecture.\(path)", with: value)),
            to: file)
        let error = #expect(throws: EngineError.self) { try EmotionModel(contentsOf: file) }
        guard case .impossibleArchitecture(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty && !reason.contains("\n"))
    }

    @Test("that lacks a weight is refused")
    func missingWeight() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.packed")
        let architecture = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17")).architecture
        let contents = PackedContents(architecture: architecture, labels: [:], metadata: [:])
        try Self.writeFile(contents, to: path)
        #expect(throws: PackedModelError.missingBlock(name: "feature_extractor.conv_layers.0.conv.weight")) {
            try EmotionModel(contentsOf: path)
        }
    }

    @Test("whose weight is stored in an unknown way is refused")
    func unknownFormat() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.packed")
        let architecture = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17")).architecture
        let name = "feature_extractor.conv_layers.0.conv.weight"
        try Self.writeFile(
            PackedContents(architecture: architecture, labels: [:], metadata: [:]), to: path,
            block: PackedBlock(name: name, format: "float64", byteCount: 4))
        #expect(throws: PackedModelError.unknownFormat(name: name, format: "float64")) {
            try EmotionModel(contentsOf: path)
        }
        try Self.writeFile(
            PackedContents(architecture: architecture, labels: [:], metadata: [:]), to: path,
            block: PackedBlock(name: name, format: "float32", byteCount: 4))
        #expect(throws: PackedModelError.unexpectedSize(name: name, found: 4, expected: 10 * 64 * 4)) {
            try EmotionModel(contentsOf: path)
        }
    }

    /// A packed file with one block of four bytes.
    private static func writeFile(
        _ contents: some Encodable, to path: String,
        block: PackedBlock = PackedBlock(name: "x", format: "float32", byteCount: 4)
    ) throws {
        try PackedModelWriter.write(to: path, contents: contents, blocks: [block]) { _, write in
            let floats: [Float] = [1]
            try write(floats.span.bytes)
        }
    }
}

/// Any JSON, whatever it says.
enum JSONValue: Codable {
    case object([String: JSONValue]), list([JSONValue]), flag(Bool), integer(Int), number(Double), text(String)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let object = try? value.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .object(let object): try value.encode(object)
        case .list(let list): try value.encode(list)
        case .flag(let flag): try value.encode(flag)
        case .integer(let integer): try value.encode(integer)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        }
    }
}
