import Checkpoints
import TestSupport

/// The bytes of a safetensors file with this header.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
    safetensors(headerBytes: Array(header.utf8), data: data)
}

func safetensors(headerBytes: [UInt8], length: UInt64? = nil, data: [UInt8] = []) -> [UInt8] {
    let length = length ?? UInt64(headerBytes.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + headerBytes + data
}

/// Why a folder or file can't be read; nil if it can.
func refusal(at path: String) -> CheckpointError? {
    do throws(CheckpointError) {
        _ = try CheckpointWeights(at: path)
        return nil
    } catch { return error }
}

/// Why a file of these bytes can't be read; nil if it can.
func refusal(_ bytes: [UInt8], _ name: String = "model.safetensors") throws -> CheckpointError? {
    let folder = try TemporaryFolder()
    return refusal(at: try folder.write(bytes, to: name))
}
