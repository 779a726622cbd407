import Checkpoints
import Files
import Foundation
import PackedModel

/// The forms in which a model is kept.
public enum ModelForm: Sendable, Hashable {
    /// An ONNX file: a graph and its weights.
    case graph
    /// What `convert` writes.
    case packed
    /// Weights and `config.json`, as the Hugging Face hub has them.
    case checkpoint
}

/// Where a model's file is, which form it has, and what its folder says of it.
///
/// A folder holds `model.yaml` as audonnx writes it: one object, `$audonnx.core.model.Model==VERSION`, with the ONNX
/// file's `path`, `labels` by output name and `transform`.
public struct ModelLocation: Sendable {
    /// The .onnx file, the packed model, or the checkpoint: its folder, or the file of weights that was named.
    public let file: String
    /// What kind of model it is.
    public let form: ModelForm
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
            form = Self.form(ofFile: path)
            labels = [:]
            lacksDescription = false
            return
        }
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let description = folder.appending(path: "model.yaml").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: description) else {
            labels = [:]
            guard let graph = try Self.undescribed(in: path) else {
                (file, form, lacksDescription) = (path, .checkpoint, false)
                return
            }
            (file, form, lacksDescription) = (graph, Self.form(ofFile: graph), true)
            return
        }
        lacksDescription = false
        let content = try ModelDescription(contentsOf: description)
        file = folder.appending(path: content.path).path(percentEncoded: false)
        form = Self.form(ofFile: file)
        labels = content.labels
    }

    private static func form(ofFile path: String) -> ModelForm {
        if PackedModelFile.isPackedModel(path) { return .packed }
        return [".safetensors", ".bin", ".index.json"].contains { path.hasSuffix($0) } ? .checkpoint : .graph
    }

    /// The ONNX file of a folder that doesn't name it: model.onnx, or the only one there is. Nil for a folder that holds a
    /// checkpoint and no ONNX file.
    private static func undescribed(in folder: String) throws(ModelFolderError) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter { $0.hasSuffix(".onnx") }.sorted()
        guard let name = files.contains("model.onnx") ? "model.onnx" : files.first else {
            let checkpoint = CheckpointWeights.fileNames + ["config.json"]
            if names.contains(where: { checkpoint.contains($0) }) { return nil }
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
            "\(path): no such file or folder; a model is an .onnx file, a folder with one and model.yaml, a packed model, or a checkpoint's folder"
        case .empty(let folder):
            "\(folder): no model is in this folder: neither model.yaml, nor an .onnx file, nor a checkpoint's config.json and weights"
        case .ambiguous(let folder, let files):
            "\(folder): \(files.count) .onnx files are in this folder (\(printable(files.prefix(4).joined(separator: ", "), longest: 200))); name the one to use, or put model.yaml beside them"
        case .malformed(let file, let reason):
            "\(file): \(reason)"
        case .transform(let file):
            "\(file): the model has a transform before its input; only models on the raw signal (transform: null) can run"
        }
    }
}
