import Files
import Foundation
import ScoreTables
import W2V2Engine

/// The files that a model is read from.
struct ModelFiles {
    /// The .onnx file or the packed model.
    let file: String
    /// What lies beside it and goes by its name, as external data does: `model.onnx.data`, `model.onnx_data`.
    let data: [String]
    /// What a folder has for a model beside these, there or not.
    let descriptions: [String]

    /// - Throws: `ModelFolderError`
    init(_ path: String) throws {
        file = try ModelLocation(path).file
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
