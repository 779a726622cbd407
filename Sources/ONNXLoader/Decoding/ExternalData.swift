import Files

/// Where a tensor's elements are if they are in a file beside the model: the entries of `external_data`.
struct ExternalDataReference {
    private var location = ""
    private var offset = 0
    private var length: Int?

    /// Takes an entry. False if its value is not a number of bytes though it must be.
    mutating func set(_ entry: StringStringEntry) -> Bool {
        switch entry.key {
        case "location": location = entry.value
        case "offset", "length":
            guard let number = Int(entry.value), number >= 0 else { return false }
            if entry.key == "offset" { offset = number } else { length = number }
        default: break
        }
        return true
    }

    /// A view of the elements, which take `count` bytes. Tensors may share bytes, as tied weights do.
    func bytes(count: Int, in folder: ExternalDataFolder) throws(ONNXError) -> TensorBytes {
        guard !location.isEmpty else { throw ONNXError(.missing("the location of the external data")) }
        if let length, length != count {
            throw ONNXError(.externalLength(location, length: length, expected: count))
        }
        guard count > 0 else { return .decoded([]) }
        let file = try folder.file(at: location)
        guard offset <= file.size, count <= file.size - offset else {
            throw ONNXError(.externalRange(location, offset: offset, length: count, size: file.size))
        }
        try folder.charge(count, to: file, at: location)
        return .mapped(file, offset..<offset + count)
    }
}

/// The folder of a model, the only place its external data is read from.
///
/// The model's path may be a link, as in the cache of the Hugging Face hub, where it and its data are links to files side by
/// side in another folder. So data may also lie in the folder of the file that the link leads to: whoever wrote that file,
/// which names its data, put it beside it.
final class ExternalDataFolder {
    private let model: String
    /// The model's, as its path names it: locations begin here.
    private let folder: String
    /// The files in use, by canonical path.
    private var filesByPath: [String: MappedFile] = [:]
    /// What all tensors together take of each file, in bytes.
    private var bytesUsed: [ObjectIdentifier: Int] = [:]

    /// How often the tensors may use each byte of a file, on average: a few share weights, but a file of a few bytes must
    /// not stand for any number of large tensors.
    private static let mostUses = 4

    init(ofModel path: String) {
        model = path
        folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    }

    var files: [MappedFile] { Array(filesByPath.values) }

    /// Counts bytes that a tensor takes of a file, no more than it has.
    func charge(_ count: Int, to file: MappedFile, at location: String) throws(ONNXError) {
        let (used, overflow) = (bytesUsed[ObjectIdentifier(file)] ?? 0).addingReportingOverflow(count)
        guard !overflow, used / Self.mostUses <= file.size else {
            throw ONNXError(.externalUse(location, size: file.size, most: Self.mostUses))
        }
        bytesUsed[ObjectIdentifier(file)] = used
    }

    /// Maps a file in the folder, once. Refuses every location that is, or links to, a place outside.
    func file(at location: String) throws(ONNXError) -> MappedFile {
        guard !location.hasPrefix("/") else { throw ONNXError(.externalLocation(location, .absolute)) }
        guard !location.split(separator: "/").contains("..") else {
            throw ONNXError(.externalLocation(location, .parentFolder))
        }
        guard let root = canonicalPath(folder), let path = canonicalPath(folder + location) else {
            throw ONNXError(.externalFile(location, reason: "is not in the model's folder"))
        }
        let target = canonicalPath(model).map { String($0.prefix(upTo: $0.lastIndex(of: "/") ?? $0.startIndex)) }
        guard
            [root, target ?? root].contains(where: { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") })
        else { throw ONNXError(.externalLocation(location, .outsideFolder)) }
        if let file = filesByPath[path] { return file }
        let file: MappedFile
        do throws(OpeningError) { file = try MappedFile(path: path) } catch {
            throw ONNXError(.externalFile(location, reason: ONNXError.Reason(error).description))
        }
        guard file.size > 0 else { throw ONNXError(.externalFile(location, reason: "is empty")) }
        filesByPath[path] = file
        return file
    }
}
