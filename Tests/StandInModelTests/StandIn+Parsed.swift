import Foundation
import ONNXLoader
import StandInModel

extension StandIn {
    /// The model as the loader reads it. The file is gone by then, but its pages stay as long as they are mapped.
    func parsed() throws -> ONNXModel {
        let folder = FileManager.default.temporaryDirectory.appending(path: "standin-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(toDirectory: folder.path(percentEncoded: false))
        return try ONNXModel(contentsOf: folder.appending(path: "model.onnx").path(percentEncoded: false))
    }

    /// The bytes of `model.onnx`.
    var modelBytes: [UInt8] {
        var bytes: [UInt8] = []
        writeModel { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
