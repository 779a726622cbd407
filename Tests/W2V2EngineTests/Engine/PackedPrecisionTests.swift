import Foundation
import Kernels
import ONNXLoader
import PackedModel
import TestSupport
import Testing

@testable import W2V2Engine
@testable import W2V2Network

@Suite("A packed model in whole numbers")
struct PackedPrecisionTests {
    private let folder: TemporaryFolder
    private let path: String
    private let network: SeededNetwork

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("model.packed")
        network = try SeededNetwork(NetworkVariant.mixedWithFinalNorm.architecture)
    }

    /// Writes a packed file that says that it is in one precision, with its weights in another.
    private func write(saying said: Precision, in stored: Precision, sizes: (Weight) -> Int = { _ in 0 }) throws {
        let source = ConvertedWeights(network.parameters, precision: stored)
        let weights = try RecordedWeights.weights(of: network.architecture)
        try PackedModelWriter.write(
            to: path,
            contents: PackedContents(architecture: network.architecture, precision: said, labels: [:], metadata: [:]),
            blocks: weights.map { weight in
                PackedBlock(
                    name: weight.name, format: weight.storage(stored).rawValue,
                    byteCount: weight.byteCount(stored) + sizes(weight))
            }
        ) { index, write in
            try source.bytes(of: weights[index]).withUnsafeBytes { try write($0.bytes) }
            let more = [UInt8](repeating: 0, count: sizes(weights[index]))
            try write(more.span.bytes)
        }
    }

    @Test(
        "gives the same bits as the network it was made from, lean or not", arguments: NetworkVariant.allCases,
        Precision.whole)
    func sameBits(variant: NetworkVariant, precision: Precision) throws {
        let network = try SeededNetwork(variant.architecture)
        try PackedContents(architecture: network.architecture, precision: precision, labels: [:], metadata: [:])
            .write(network.parameters, to: path)
        let expected = try network.model(.whole(precision)).predict(noise(1_970)).bits
        for wanted in [precision, nil] {
            let packed = try EmotionModel(contentsOf: path, options: EngineOptions(threads: 2, precision: wanted))
            #expect(packed.precision == precision)
            #expect(try packed.predict(noise(1_970)).bits == expected)
        }
        let lean = try EmotionModel(contentsOf: path, options: EngineOptions(threads: 2, leanFrames: 0))
        for _ in 0..<2 { #expect(try lean.predict(noise(1_970)).bits == expected) }
        let summary = try PackedModelSummary(contentsOf: path)
        #expect(summary.precision == precision)
        #expect(Set(summary.blocks.map(\.format)) == ["float32", "int16", precision.rawValue])
    }

    @Test(
        "gives the same bits as the export it was made from", arguments: ["torch1.10-opset11", "torch2.13-opset17"],
        Precision.whole)
    func sameBitsAsExport(name: String, precision: Precision) throws {
        let file = try ONNXModel(contentsOf: Fixtures.model(name))
        try EmotionModel.pack(file, precision: precision, to: path)
        let packed = try EmotionModel(contentsOf: path)
        #expect(packed.precision == precision)
        let original = try EmotionModel(file, options: .whole(precision))
        #expect(try packed.predict(noise(8_000)).bits == (try original.predict(noise(8_000)).bits))
        let other = folder.file("float32.packed")
        try EmotionModel.pack(file, to: other)
        let sizes = try [path, other].map { path in
            try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        }
        #expect(sizes[0] < sizes[1])
    }

    @Test(
        "is refused in one line where another precision is asked for", arguments: Precision.allCases, Precision.allCases
    )
    func otherPrecision(found: Precision, wanted: Precision) throws {
        try write(saying: found, in: found)
        let options = EngineOptions(threads: 1, precision: wanted)
        guard found != wanted else {
            #expect(try EmotionModel(contentsOf: path, options: options).precision == wanted)
            return
        }
        let error = #expect(throws: PackedModelError.self) { try EmotionModel(contentsOf: path, options: options) }
        #expect(error == .otherPrecision(found: found, wanted: wanted))
        let message = try #require(error).description
        #expect(message.contains("\(found)") && message.contains("--precision \(wanted)") && !message.contains("\n"))
    }

    @Test("is refused with OpenBLAS, as is what it was made from", arguments: Precision.whole)
    func openBLAS(precision: Precision) throws {
        try write(saying: precision, in: precision)
        let error = #expect(throws: KernelError.self) {
            try EmotionModel(contentsOf: path, options: EngineOptions(threads: 1, products: .openBLAS))
        }
        guard case .noProducts = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "whose blocks are in another format than it says is refused", arguments: Precision.allCases, Precision.allCases)
    func otherFormat(said: Precision, stored: Precision) throws {
        guard said != stored else { return }
        try write(saying: said, in: stored)
        let weights = try RecordedWeights.weights(of: network.architecture)
        let first = try #require(weights.first { $0.storage(said) != $0.storage(stored) })
        let expected = PackedModelError.unknownFormat(name: first.name, format: first.storage(stored).rawValue)
        #expect(throws: expected) { try EmotionModel(contentsOf: path) }
        #expect(throws: expected) { try PackedModelSummary(contentsOf: path) }
        #expect(!expected.description.contains("\n"))
    }

    @Test("whose blocks have another size is refused", arguments: Precision.whole)
    func otherSize(precision: Precision) throws {
        let weights = try RecordedWeights.weights(of: network.architecture)
        for format in [PanelFormat.int16, .int8] where precision == .int8 || format == .int16 {
            let changed = try #require(weights.last { $0.storage(precision) == format })
            try write(saying: precision, in: precision) { $0 == changed ? 256 : 0 }
            let size = changed.byteCount(precision)
            #expect(throws: PackedModelError.unexpectedSize(name: changed.name, found: size + 256, expected: size)) {
                try EmotionModel(contentsOf: path)
            }
        }
    }

    /// Writes a packed file in float32 with contents of the test's own.
    private func write(contents: some Encodable) throws {
        let weights = try RecordedWeights.weights(of: network.architecture)
        let source = ConvertedWeights(network.parameters)
        try PackedModelWriter.write(
            to: path, contents: contents,
            blocks: weights.map { weight in
                PackedBlock(name: weight.name, format: "float32", byteCount: weight.byteCount(.float32))
            }
        ) { index, write in try source.bytes(of: weights[index]).withUnsafeBytes { try write($0.bytes) } }
    }

    private static let unknownPrecisions: [any Sendable] = ["int4", "", "Int16", "float32\n", 16, ["int16"]]

    @Test("in a precision that nobody knows is refused", arguments: unknownPrecisions.indices)
    func unknownPrecision(index: Int) throws {
        let contents = PackedContents(architecture: network.architecture, labels: [:], metadata: [:])
        let edited = try json(of: contents, replacing: "precision", with: Self.unknownPrecisions[index])
        try write(contents: JSONDecoder().decode(JSONValue.self, from: edited))
        let error = try #require(throws: PackedModelError.self) { try EmotionModel(contentsOf: path) }
        guard case .unexpectedDescription(let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.contains("precision"))
        #expect(!error.description.contains("\n"))
    }

    /// What a packed model's description said before there were several precisions.
    private struct OldContents: Encodable {
        let architecture: Architecture
        let labels: [String: [String]]
        let metadata: [String: String]
    }

    @Test("that names no precision is in float32")
    func noPrecision() throws {
        try write(contents: OldContents(architecture: network.architecture, labels: [:], metadata: [:]))
        let old = try EmotionModel(contentsOf: path)
        #expect(old.precision == .float32)
        #expect(try old.predict(noise(1_970)).bits == (try network.model().predict(noise(1_970)).bits))
    }
}
