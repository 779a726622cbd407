import Files
import Foundation

/// The two forms in which the hub holds weights.
package enum CheckpointForm: Sendable, Hashable {
    case safetensors
    /// What torch.save writes: `pytorch_model.bin`.
    case torch
}

/// The weights of a checkpoint, in one file or in several: all tensors by name.
///
/// They are not read but stay in the files, which must not be changed while they are in use.
package struct CheckpointWeights: Sendable {
    package let form: CheckpointForm
    /// The paths of the files that hold the tensors.
    package let files: [String]
    /// Each name occurs once.
    package let tensors: [CheckpointTensor]
    private let indexByName: [String: Int]

    /// The files that a folder is searched for, the first that is there counts.
    package static let fileNames = [
        "model.safetensors", "model.safetensors" + indexSuffix, "pytorch_model.bin", "pytorch_model.bin" + indexSuffix,
    ]

    private static let indexSuffix = ".index.json"

    /// Reads a folder as the hub has it, a file of weights, or an index of such files.
    ///
    /// All of them may be links, as in the hub's cache; shards have to lie in the folder of their index, or in that of the
    /// file that the index is a link to.
    package init(at path: String) throws(CheckpointError) {
        let file = try Self.file(at: path)
        if file.hasSuffix(Self.indexSuffix) {
            try self.init(indexedBy: file)
        } else {
            let (form, tensors) = try WeightsFile.tensors(path: file)
            self.init(form, files: [file], tensors)
        }
    }

    /// The tensor of this name; nil if there is none.
    package subscript(name: String) -> CheckpointTensor? { indexByName[name].map { tensors[$0] } }

    /// The size of the files, in bytes.
    package var fileSize: Int { mappedFiles.reduce(0) { $0 + $1.size } }

    /// Asks for the files to be read ahead from the disk, for callers that will read all weights.
    package func prefetch() {
        for file in mappedFiles { file.prefetch() }
    }

    /// Takes the pages of the mapped files out of memory, once the weights have been copied. Tensors can still be read.
    package func releasePages() {
        for file in mappedFiles { file.releasePages(in: 0..<file.size) }
    }

    private var mappedFiles: [MappedFile] {
        var seen: Set<ObjectIdentifier> = []
        return tensors.map(\.file).filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    private init(_ form: CheckpointForm, files: [String], _ tensors: [CheckpointTensor]) {
        self.form = form
        self.files = files
        self.tensors = tensors
        indexByName = Dictionary(zip(tensors.map(\.name), tensors.indices)) { first, _ in first }
    }

    // MARK: Finding files

    /// The path of the weights or of their index: the path itself, or the first of ``fileNames`` in a folder.
    private static func file(at path: String) throws(CheckpointError) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return path
        }
        let paths = fileNames.map { join(path, $0) }
        // A link that leads nowhere is found too, to be named in the message.
        let found = paths.first { (try? FileManager.default.attributesOfItem(atPath: $0)) != nil }
        guard let found else { throw CheckpointError(.noWeights(names: fileNames), file: path) }
        return found
    }

    private init(indexedBy path: String) throws(CheckpointError) {
        let suffix = path.hasSuffix(".bin" + Self.indexSuffix) ? ".bin" : ".safetensors"
        let index = try ShardIndex(path: path, suffix: suffix)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var files: [String] = []
        var tensors: [CheckpointTensor] = []
        for name in index.files {
            let file = join(folder, name)
            guard Self.isInside(file, folder: folder, index: path) else {
                throw CheckpointError(.shards(.outsideFolder), file: file)
            }
            let (_, found) = try WeightsFile.tensors(path: file)
            try index.check(found, of: name, at: file)
            files.append(file)
            tensors += found
        }
        self.init(suffix == ".bin" ? .torch : .safetensors, files: files, tensors)
    }

    /// Whether a shard is in the folder, or where the index is at the end of its links. A file that isn't there is for
    /// opening it to report.
    private static func isInside(_ file: String, folder: String, index: String) -> Bool {
        guard let path = canonicalPath(file) else { return true }
        let target = canonicalPath(index).map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.startIndex)) }
        return [canonicalPath(folder), target].compactMap { $0 }.contains { root in
            path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
        }
    }
}

/// The path of a file in a folder.
func join(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }
