import Foundation
import ONNXLoader

/// A copy of a model's file with one number of one tensor changed in its bytes.
public enum CorruptedModel {
    /// Writes the copy into a folder, with `change` added to the number in the middle of the tensor, which is of float32
    /// and whose bytes are in the file once. Returns the copy's path.
    package static func write(
        _ path: String, changing tensor: Tensor, by change: Float, into folder: TemporaryFolder, as name: String
    ) throws -> String {
        var bytes = try Data(contentsOf: URL(filePath: path))
        let elements = try tensor.floats()
        let pattern = Data(
            elements.flatMap { element in withUnsafeBytes(of: element.bitPattern.littleEndian, Array.init) })
        guard let place = bytes.range(of: pattern),
            bytes.range(of: pattern, in: place.upperBound..<bytes.endIndex) == nil
        else { throw CorruptionError.notOnce(tensor: tensor.name) }
        let middle = elements.count / 2
        let changed = (elements[middle] + change).bitPattern.littleEndian
        let start = place.lowerBound + middle * MemoryLayout<Float>.size
        bytes.replaceSubrange(
            start..<start + MemoryLayout<Float>.size, with: withUnsafeBytes(of: changed, Array.init))
        return try folder.write(bytes, to: name)
    }
}

public enum CorruptionError: Error {
    /// The tensor's bytes are not in the file, or more than once.
    case notOnce(tensor: String)
}
