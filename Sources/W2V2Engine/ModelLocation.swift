import Foundation
import Yams

/// Where a model's ONNX file is, and what its folder says of it.
///
/// A folder holds `model.yaml` as audonnx writes it: one object, `$audonnx.core.model.Model==VERSION`, with the ONNX
/// file's `path`, `labels` by output name and `transform`.
public struct ModelLocation: Sendable {
    /// The .onnx file, or a packed model.
    public let file: String
    /// What the numbers of outputs mean, by output name, as far as the folder says.
    public let labels: [String: [String]]

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
            return
        }
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let description = folder.appending(path: "model.yaml").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: description) else {
            let bare = folder.appending(path: "model.onnx").path(percentEncoded: false)
            guard FileManager.default.fileExists(atPath: bare) else { throw ModelFolderError.empty(folder: path) }
            file = bare
            labels = [:]
            return
        }
        let content = try Self.content(of: description)
        file = folder.appending(path: try Self.path(in: content, of: description)).path(percentEncoded: false)
        labels = try Self.labels(in: content, of: description)
    }

    /// The object's fields.
    private static func content(of description: String) throws -> [String: Any] {
        let limit = 1 << 20
        guard let data = FileManager.default.contents(atPath: description), data.count <= limit else {
            throw ModelFolderError.malformed(
                file: description, reason: "it can't be read, or has more than \(limit) bytes")
        }
        let loaded: Any?
        do {
            loaded = try Yams.load(yaml: String(decoding: data, as: UTF8.self))
        } catch {
            let reason = String(describing: error).split(whereSeparator: \.isNewline).joined(separator: " ")
            throw ModelFolderError.malformed(file: description, reason: reason)
        }
        guard let object = loaded as? [String: Any], object.count == 1, let (name, fields) = object.first,
            name.hasPrefix("$audonnx."), name.contains(".Model"), let fields = fields as? [String: Any]
        else {
            throw ModelFolderError.malformed(
                file: description, reason: "it should hold one object, $audonnx.core.model.Model")
        }
        if let transform = fields["transform"], !isNothing(transform) {
            throw ModelFolderError.transform(file: description)
        }
        return fields
    }

    /// Whether a transform is null, for all inputs.
    private static func isNothing(_ transform: Any) -> Bool {
        if let byInput = transform as? [String: Any] { return byInput.values.allSatisfy(isNothing) }
        return transform is NSNull
    }

    private static func path(in fields: [String: Any], of description: String) throws -> String {
        guard let entry = fields["path"] else { return "model.onnx" }
        guard let path = entry as? String, !path.isEmpty, !path.hasPrefix("/"),
            !path.split(separator: "/").contains("..")
        else {
            throw ModelFolderError.malformed(
                file: description, reason: "path should name a file in the same folder, not \(entry)")
        }
        return path
    }

    private static func labels(in fields: [String: Any], of description: String) throws -> [String: [String]] {
        guard let entry = fields["labels"], !(entry is NSNull) else { return [:] }
        guard let byOutput = entry as? [String: Any] else {
            throw ModelFolderError.malformed(file: description, reason: "labels should be lists by output name")
        }
        var labels: [String: [String]] = [:]
        for (output, list) in byOutput where !(list is NSNull) {
            guard let list = list as? [Any] else {
                throw ModelFolderError.malformed(file: description, reason: "the labels of \(output) should be a list")
            }
            labels[output] = list.map { String(describing: $0) }
        }
        return labels
    }
}

/// Why a model's folder isn't understood.
public enum ModelFolderError: Error, Equatable, CustomStringConvertible {
    /// Neither a file nor a folder is at the path.
    case notFound(path: String)
    /// The folder has neither model.yaml nor model.onnx.
    case empty(folder: String)
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
            "\(folder): neither model.yaml nor model.onnx is in this folder"
        case .malformed(let file, let reason):
            "\(file): \(reason)"
        case .transform(let file):
            "\(file): the model has a transform before its input; only models on the raw signal (transform: null) can run"
        }
    }
}
