import Foundation

@testable import ONNXLoader
@testable import PackedModel
@testable import W2V2Engine
@testable import W2V2Network
@testable import W2V2Recognition

/// ONNX files: parsed, recognised, loaded and run.
struct ONNXTarget: Target {
    let name = "onnx"
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

/// Packed models: files as they are, and descriptions that get the preamble, checksums and blocks of a sound file.
struct PackedTarget: Target {
    let name = "packed"

    func run(_ input: Input) throws {
        let path = try input.file("model.packed", try whole(input.bytes))
        // Both readers, whatever the other says.
        if let summary = try? PackedModelSummary(contentsOf: path) {
            input.reached("summarised")
            _ = summary.architecture.parameterCount
        }
        let model = try EmotionModel(contentsOf: path, options: EngineOptions(threads: 1))
        input.reached("loaded")
        try model.score(input)
    }

    /// The seed, a packed model, is named by the environment in FUZZ_PACKED.
    private func whole(_ bytes: [UInt8]) throws -> [UInt8] {
        guard bytes.first == UInt8(ascii: "{"), let seed = ProcessInfo.processInfo.environment["FUZZ_PACKED"] else {
            return bytes
        }
        let sound = [UInt8](try Data(contentsOf: URL(filePath: seed)))
        let page = 4096
        let length = sound[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        let blocks = sound[((Preamble.byteCount + length + page - 1) / page * page)...]
        let start = (Preamble.byteCount + bytes.count + page - 1) / page * page
        let preamble = Preamble(
            descriptionLength: UInt32(bytes.count), fileLength: UInt64(start + blocks.count),
            descriptionChecksum: Checksum.of(bytes.span.bytes))
        let padding = [UInt8](repeating: 0, count: start - Preamble.byteCount - bytes.count)
        return preamble.encoded + bytes + padding + blocks
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
