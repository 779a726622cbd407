import Foundation
import Kernels
import ONNXLoader
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine

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

    @Test("of another network's sizes is refused, though its checksums are right", arguments: 0..<20)
    func impossibleArchitecture(change index: Int) throws {
        let changes: [(inout Architecture) -> Void] = [
            { $0.attentionHeads = 0 }, { $0.attentionHeads = -1 }, { $0.attentionHeads = 5 }, { $0.hiddenSize = 0 },
            { $0.hiddenSize = .max }, { $0.positionalConvolution.groups = 0 }, { $0.positionalConvolution.groups = 3 },
            { $0.positionalConvolution.kernel = 0 }, { $0.positionalConvolution.padding = -1 },
            { $0.positionalConvolution.padding = .max }, { $0.featureExtractor = [] },
            { $0.featureExtractor[0].stride = 0 }, { $0.featureExtractor[0].kernel = .min },
            { $0.featureExtractor[1].inputChannels += 1 }, { $0.encoderLayers = .max }, { $0.feedForwardSize = -4 },
            { $0.layerNormEpsilon = -1 }, { $0.heads = [] }, { $0.heads[0].size = 0 },
            { $0.heads[0].output = $0.pooledOutput },
        ]
        var architecture = try EmotionModel(contentsOf: Fixtures.model("torch2.13-opset17")).architecture
        changes[index](&architecture)
        let folder = try TemporaryFolder()
        let path = folder.file("model.packed")
        let contents = PackedContents(architecture: architecture, labels: [:], metadata: [:])
        try PackedModelWriter.write(to: path, contents: contents, blocks: [(name: "x", count: 1)]) { _, write in
            let floats: [Float] = [1]
            try write(floats.span)
        }
        let error = #expect(throws: EngineError.self) { try EmotionModel(contentsOf: path) }
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
        try PackedModelWriter.write(to: path, contents: contents, blocks: [(name: "x", count: 1)]) { _, write in
            let floats: [Float] = [1]
            try write(floats.span)
        }
        #expect(throws: PackedModelError.missingBlock(name: "feature_extractor.conv_layers.0.weight")) {
            try EmotionModel(contentsOf: path)
        }
    }
}
