import Checkpoints
import Files
import Foundation
import ScoreTables
import W2V2Engine

/// The files that a model is read from.
struct ModelFiles {
    /// The .onnx file, the packed model, or the first file of a checkpoint's weights.
    let file: String
    /// What lies beside it and goes by its name, as external data does: `model.onnx.data`, `model.onnx_data`; of a
    /// checkpoint, the other files of weights and its configuration.
    let data: [String]
    /// What a folder has for a model beside these, there or not.
    let descriptions: [String]

    /// - Throws: `ModelFolderError`
    init(_ path: String) throws {
        let location = try ModelLocation(path)
        guard location.form != .checkpoint else {
            let weights = try CheckpointWeights(at: location.file).files
            let folder = (weights[0] as NSString).deletingLastPathComponent as NSString
            let settings = ["config.json", "preprocessor_config.json"].map { folder.appendingPathComponent($0) }
            file = weights[0]
            data = weights.dropFirst() + settings.filter { FileManager.default.fileExists(atPath: $0) }
            descriptions = settings + CheckpointWeights.fileNames.map { folder.appendingPathComponent($0) }
            return
        }
        file = location.file
        let url = URL(filePath: file)
        let folder = url.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        data = names.filter { $0.hasPrefix(url.lastPathComponent) && $0.hasSuffix("data") }.sorted()
            .map { folder.appending(path: $0).path(percentEncoded: false) }
        descriptions = ["model.yaml", "model.onnx"].map { (path as NSString).appendingPathComponent($0) }
    }

    /// By which another model of the same name and size is noticed.
    var identity: String {
        get throws {
            try ([file] + data).map { path in
                let file = try RegularFile(path)
                let name = (path as NSString).lastPathComponent
                return "\(name), \(file.byteCount) bytes, checksum \(try ContentSample.checksum(of: file))"
            }.joined(separator: "; ")
        }
    }
}
