import CXXHash
import Foundation
import ONNXLoader
import PackedModel
import W2V2Engine
import W2V2Network
import W2V2Recognition

/// ONNX files: parsed, recognised, loaded and run.
struct ONNXTarget: Target {
    let name = "onnx"
    let step: String? = "parsed"
    let mutation: Mutation? = { bytes, random in ProtobufTree.mutated(bytes, &random) }

    func run(_ input: Input) throws {
        let file = try ONNXModel(contentsOf: try input.file("model.onnx"))
        input.reached("parsed")
        for tensor in file.graph.initializers.values where tensor.elementCount < 256 {
            _ = try tensor.histogram(bins: 16, try tensor.statistics())
        }
        let recognized = try RecognizedModel(recognizing: file)
        input.reached("recognised")
        let model = try EmotionModel(file, as: recognized, options: EngineOptions(threads: 1))
        input.reached("loaded")
        try model.score(input)
    }
}

/// Packed models: files as they are, and descriptions that get the preamble and the checksum of a sound file, and blocks of
/// zeros, as the seeds have.
struct PackedTarget: Target {
    let name = "packed"
    let mutation: Mutation? = { bytes, random in JSONMutation.mutated(bytes, &random) }

    func run(_ input: Input) throws {
        let path = try input.file("model.packed", whole(input.bytes))
        // Both readers, whatever the other says.
        if let summary = try? PackedModelSummary(contentsOf: path) {
            input.reached("summarised")
            _ = summary.architecture.parameterCount
        }
        let model = try EmotionModel(contentsOf: path, options: EngineOptions(threads: 1))
        input.reached("loaded")
        try model.score(input)
    }

    /// As ``PackedModel`` lays a file out: the description from byte 40, zeros to the end of its page, the blocks.
    private func whole(_ bytes: [UInt8]) -> [UInt8] {
        let (page, preambleLength) = (4096, 40)
        guard bytes.first == UInt8(ascii: "{") else { return bytes }
        let padding = (page - (preambleLength + bytes.count) % page) % page
        let blocks = [UInt8](repeating: 0, count: pages(of: bytes) * page)
        let length = preambleLength + bytes.count + padding + blocks.count
        var file: [UInt8] = [0x89, 0x45, 0x4D, 0x4F, 0x0D, 0x0A, 0x1A, 0x0A]
        file += littleEndian(2, 4) + littleEndian(bytes.count, 4) + littleEndian(length, 8)
        file += littleEndian(checksum(bytes), 8)
        file += littleEndian(checksum(file), 8)
        return file + bytes + [UInt8](repeating: 0, count: padding) + blocks
    }

    /// How many pages the blocks of a description take; as many as it has blocks if that makes no sense.
    private func pages(of description: [UInt8]) -> Int {
        struct Table: Decodable {
            struct Entry: Decodable { let bytes: Int }
            let blocks: [Entry]
        }
        guard let table = try? JSONDecoder().decode(Table.self, from: Data(description)) else { return 1 }
        return table.blocks.reduce(0) { $0 + ((1...1 << 20).contains($1.bytes) ? ($1.bytes + 4095) / 4096 : 1) }
    }

    private func littleEndian(_ number: some FixedWidthInteger, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { xxhash_xxh3($0.baseAddress, $0.count) }
    }
}

/// A profile that another run wrote.
struct ProfileTarget: Target {
    let name = "profile"
    let mutation: Mutation? = { bytes, random in JSONMutation.mutated(bytes, &random) }

    func run(_ input: Input) throws {
        let profile = try Profile(contentsOf: try input.file("profile.json"))
        input.reached("read")
        _ = try profile.json()
        examine(profile.network, of: profile)
    }

    private func examine(_ node: Profile.Node, of profile: Profile) {
        _ = (node.operationsOverLayers, profile.idleShare(of: node), profile.bound(of: node))
        for child in node.children { examine(child, of: profile) }
    }
}

/// `model.yaml` of a model's folder.
struct YAMLTarget: Target {
    let name = "yaml"

    func run(_ input: Input) throws {
        _ = try input.file("model.yaml")
        let location = try ModelLocation(input.scratch.path)
        input.reached("located")
        if !location.labels.isEmpty { input.reached("labelled") }
    }
}

extension EmotionModel {
    fileprivate func score(_ input: Input) throws {
        let minimum = architecture.minimumSamples
        guard minimum <= 20_000 else { return }
        _ = architecture.parameterCount
        let signal = (0..<max(400, minimum)).map { Float(sin(Double($0) * 0.3)) * 0.1 }
        _ = try predict(signal)
        input.reached("predicted")
    }
}
