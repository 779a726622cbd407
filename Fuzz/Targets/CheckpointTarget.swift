import Checkpoints
import Files
import Foundation

/// Checkpoints of the hub: files of weights, and their parts, each in a file that is sound but for it. An input that begins
/// with a brace is a configuration, an index or the header of a safetensors file; one that begins as a pickle is that of
/// an archive.
struct CheckpointTarget: Target {
    let name = "checkpoints"
    let mutation: Mutation? = { bytes, random in
        bytes.first == UInt8(ascii: "{") ? JSONMutation.mutated(bytes, &random) : nil
    }

    func run(_ input: Input) throws {
        guard input.bytes.first == UInt8(ascii: "{") else {
            let isPickle = input.bytes.first == 0x80
            return try read(isPickle ? archive(around: input.bytes) : input.bytes, input)
        }
        let text = String(decoding: input.bytes, as: UTF8.self)
        if text.contains("data_offsets") {
            try read(
                littleEndian(input.bytes.count, 8) + input.bytes + [UInt8](repeating: 0, count: dataSize), input)
        } else if text.contains("weight_map") {
            _ = try CheckpointWeights(at: try input.file("model.safetensors.index.json"))
        } else {
            _ = try input.file("preprocessor_config.json")
            _ = try input.file("config.json")
            _ = try CheckpointConfiguration(folder: input.scratch.path)
            input.reached("configured")
        }
    }

    /// What the headers and pickles among the seeds need.
    private let dataSize = 48

    private func read(_ bytes: [UInt8], _ input: Input) throws {
        let weights = try CheckpointWeights(at: try input.file("model", bytes))
        input.reached("tensors")
        for tensor in weights.tensors where tensor.elementCount < 1 << 16 {
            let count = try tensor.floats().count
            guard try tensor.floats(in: count / 2..<count).count == count - count / 2 else {
                fatalError("a part of another length")
            }
            tensor.releasePages()
            input.reached("numbers")
        }
    }

    private func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// As torch.save writes it, with one storage of zeros.
    private func archive(around pickle: [UInt8]) -> [UInt8] {
        let entries = [("a/data.pkl", pickle), ("a/data/0", [UInt8](repeating: 0, count: dataSize))]
        var (file, directory): ([UInt8], [UInt8]) = ([], [])
        for (name, data) in entries {
            let size = littleEndian(data.count, 4)
            let common =
                [UInt8](repeating: 0, count: 14) + size + size + littleEndian(name.utf8.count, 2) + [0, 0]
            directory += littleEndian(Int(Zip.centralHeaderSignature), 4) + [0, 0] + common
            directory += [UInt8](repeating: 0, count: 10) + littleEndian(file.count, 4) + Array(name.utf8)
            file += littleEndian(Int(Zip.localHeaderSignature), 4) + common + Array(name.utf8) + data
        }
        let count = littleEndian(entries.count, 2)
        return file + directory + littleEndian(Int(Zip.endSignature), 4) + [0, 0, 0, 0] + count + count
            + littleEndian(directory.count, 4) + littleEndian(file.count, 4) + [0, 0]
    }
}
