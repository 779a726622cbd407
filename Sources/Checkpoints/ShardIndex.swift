import Files

/// What is wrong with an index of shards, or with a shard.
package enum ShardProblem: Sendable, Equatable {
    case fileName(String, suffix: String)
    case outsideFolder
    case tooManyFiles(limit: Int)
    /// The index names a tensor that its file doesn't have.
    case tensorNotInFile(String)
    /// The file has a tensor that the index doesn't name, or says is elsewhere.
    case tensorNotInIndex
}

extension ShardProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .fileName(let name, let suffix):
            "\(quoted(name)) is not the name of a file beside the index that ends in '\(suffix)'"
        case .outsideFolder:
            "is a link that leads out of the checkpoint's folder; it must stay inside, or lead to where the index itself is"
        case .tooManyFiles(let limit): "names more than \(limit) files"
        case .tensorNotInFile(let file): "is not in \(quoted(file)), where the index says it is"
        case .tensorNotInIndex: "is not said by the index to be in this file; an index names every tensor"
        }
    }
}

/// The index of a checkpoint in several files: which file has which tensor.
struct ShardIndex {
    let path: String
    /// The names of the files, sorted.
    let files: [String]
    private let tensorsByFile: [String: Set<String>]

    /// The largest published ones have some 10 MB.
    private static let mostBytes = 32 << 20
    private static let mostFiles = 1024

    /// The files' names end in `suffix`.
    init(path: String, suffix: String) throws(CheckpointError) {
        self.path = path
        let json = try JSONFile(path: path, mostBytes: Self.mostBytes)
        do throws(CheckpointError) {
            let expected = "an object of tensors' names and files"
            guard case .object(let members) = json.object["weight_map"] else {
                throw CheckpointError(.missingKey(expected: expected), part: "weight_map")
            }
            guard !members.isEmpty else {
                throw CheckpointError(.wrongValue(found: "an empty one", expected: expected), part: "weight_map")
            }
            var tensorsByFile: [String: Set<String>] = [:]
            for member in members {
                let part = "tensor \(quoted(member.name))"
                guard let file = member.value.string else {
                    throw CheckpointError(
                        .wrongValue(found: member.value.described, expected: "the name of a file"), part: part)
                }
                guard Self.isPlain(file), file.hasSuffix(suffix) else {
                    throw CheckpointError(.shards(.fileName(file, suffix: suffix)), part: part)
                }
                tensorsByFile[file, default: []].insert(member.name)
            }
            self.tensorsByFile = tensorsByFile
            files = tensorsByFile.keys.sorted()
            guard files.count <= Self.mostFiles else {
                throw CheckpointError(.shards(.tooManyFiles(limit: Self.mostFiles)), part: "weight_map")
            }
        } catch {
            throw error.inFile(path)
        }
    }

    /// Whether it is the name of a file, and no way to another folder.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
            && !name.utf8.contains(UInt8(ascii: "\\"))
    }

    /// Checks that a file has the tensors that the index says it has, and no others.
    func check(_ tensors: [CheckpointTensor], of file: String, at filePath: String) throws(CheckpointError) {
        let expected = tensorsByFile[file] ?? []
        if let extra = tensors.first(where: { !expected.contains($0.name) }) {
            throw CheckpointError(.shards(.tensorNotInIndex), part: "tensor \(quoted(extra.name))", file: filePath)
        }
        if let missing = expected.subtracting(tensors.map(\.name)).min() {
            throw CheckpointError(.shards(.tensorNotInFile(file)), part: "tensor \(quoted(missing))", file: path)
        }
    }
}
