import Files

/// What is wrong with an archive that torch.save wrote, or with the tensors that it describes.
package enum TorchProblem: Sendable, Equatable {
    // The archive's entries
    case entryName
    case duplicateEntry
    case encrypted
    case compressed(method: Int)
    case sizes(compressed: Int, size: Int)
    case otherLocalHeader
    case overlap(with: String)

    // What they hold
    case pickles(Int)
    case script
    case version(String)
    case byteOrder(String)

    // The state dict
    case noStateDict
    case keyIsNoText
    case notATensor

    // Its tensors
    case noStorage(key: String)
    case storageSize(key: String, expected: Int, found: Int)
    case beyondStorage(shape: [Int], strides: [Int], offset: Int, count: Int)
    case expanded(shape: [Int], count: Int)
    /// All tensors together take this many times what the file has.
    case overused(most: Int)
}

extension TorchProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .entryName: "the name leads elsewhere; torch.save names files in one folder"
        case .duplicateEntry: "the name is used twice; an entry's name is its own"
        case .encrypted: "is encrypted; torch.save writes plain entries"
        case .compressed(let method):
            "is compressed (\(method == Zip.deflated ? "deflated" : "method \(method)")); torch.save stores entries as they "
                + "are, so the archive was packed again; take the original file"
        case .sizes(let compressed, let size): "is stored, but \(compressed) bytes are said to stand for \(size)"
        case .otherLocalHeader: "its local header says otherwise than the directory; the file is damaged"
        case .overlap(let other): "shares bytes with the entry \(quoted(other)); entries don't overlap"

        case .pickles(let count):
            "is a zip archive with \(count) entries called FOLDER/data.pkl; what torch.save writes has one"
        case .script: "is a TorchScript program; save the model's state dict with torch.save, or as safetensors"
        case .version(let text): "\(quoted(text)) is not a version of torch's format from 1 to 10"
        case .byteOrder(let order): "the numbers are \(quoted(order))-endian; little-endian ones are read"

        case .noStateDict:
            "holds no dictionary of tensors, neither at its top nor as its 'state_dict' or 'model'; save the model's state "
                + "dict"
        case .keyIsNoText: "a key of the state dict is not a text; keys are the tensors' names"
        case .notATensor: "is not a tensor; a state dict holds tensors alone"

        case .noStorage(let key): "its storage \(quoted(key)) is not in the archive"
        case .storageSize(let key, let expected, let found):
            "its storage \(quoted(key)) has \(found) bytes; \(expected) are declared"
        case .beyondStorage(let shape, let strides, let offset, let count):
            "the shape \(shape) with strides \(strides) from element \(offset) on reaches beyond the storage's \(count) "
                + "elements"
        case .expanded(let shape, let count):
            "the shape \(shape) has more elements than the \(count) of its storage; save a contiguous copy"
        case .overused(let most):
            "the tensors take more than \(most) times the bytes of the file; only a few may share their elements"
        }
    }
}
