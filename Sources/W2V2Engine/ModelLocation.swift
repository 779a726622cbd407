import Files
import Foundation

/// Where a model's ONNX file is, and what its folder says of it.
///
/// A folder holds `model.yaml` as audonnx writes it: one object, `$audonnx.core.model.Model==VERSION`, with the ONNX
/// file's `path`, `labels` by output name and `transform`.
public struct ModelLocation: Sendable {
    /// The .onnx file, or a packed model.
    public let file: String
    /// What the numbers of outputs mean, by output name, as far as the folder says.
    public let labels: [String: [String]]
    /// Whether the file is in a folder without a description, so that what its numbers mean is not said.
    public let lacksDescription: Bool

    /// Looks at a file, or at what a folder says of its own.
    ///
    /// - Throws: ``ModelFolderError``
    public init(_ path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ModelFolderError.notFound(path: path)
        }
        guard isDirectory.boolValue else {
            file = path
            labels = [:]
            lacksDescription = false
            return
        }
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let description = folder.appending(path: "model.yaml").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: description) else {
            file = try Self.undescribed(in: path)
            labels = [:]
            lacksDescription = true
            return
        }
        lacksDescription = false
        let content = try ModelDescription(contentsOf: description)
        file = folder.appending(path: content.path).path(percentEncoded: false)
        labels = content.labels
    }

    /// The ONNX file of a folder that doesn't name it: model.onnx, or the only one there is.
    private static func undescribed(in folder: String) throws(ModelFolderError) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter { $0.hasSuffix(".onnx") }.sorted()
        guard let name = files.contains("model.onnx") ? "model.onnx" : files.first else {
            throw .empty(folder: folder)
        }
        guard files.count == 1 || name == "model.onnx" else { throw .ambiguous(folder: folder, files: files) }
        return URL(filePath: folder, directoryHint: .isDirectory).appending(path: name).path(percentEncoded: false)
    }
}

/// Why a model's folder isn't understood.
public enum ModelFolderError: Error, Equatable, CustomStringConvertible {
    /// Neither a file nor a folder is at the path.
    case notFound(path: String)
    /// The folder has neither model.yaml nor model.onnx.
    case empty(folder: String)
    /// Several .onnx files are in a folder, and nothing says which it is.
    case ambiguous(folder: String, files: [String])
    /// model.yaml is not as audonnx writes it.
    case malformed(file: String, reason: String)
    /// The model has a transform before its input.
    case transform(file: String)

    /// On one line, with the file or folder: what is wrong, and what would be right.
    public var description: String {
        switch self {
        case .notFound(let path):
            "\(path): no such file or folder; a model is an .onnx file or a folder with model.onnx and model.yaml"
        case .empty(let folder):
            "\(folder): neither model.yaml nor an .onnx file is in this folder"
        case .ambiguous(let folder, let files):
            "\(folder): \(files.count) .onnx files are in this folder (\(printable(files.prefix(4).joined(separator: ", "), longest: 200))); name the one to use, or put model.yaml beside them"
        case .malformed(let file, let reason):
            "\(file): \(reason)"
        case .transform(let file):
            "\(file): the model has a transform before its input; only models on the raw signal (transform: null) can run"
        }
    }
}
