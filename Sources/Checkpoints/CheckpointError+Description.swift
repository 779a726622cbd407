import Files

extension CheckpointError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotOpen(let reason): "cannot be opened: \(reason)"
        case .notAFile(let kind): "is \(kind), not a file"
        case .emptyFile: "is empty; the file was not copied completely"
        case .tooLarge(let bytes, let limit): "has \(bytes) bytes; such a file has at most \(limit)"
        case .noWeights(let names): "has no weights; one of \(names.joined(separator: ", ")) is expected"
        case .notWeights(let looksLike):
            "is \(looksLike) where weights are expected; safetensors and what torch.save writes are read"
        case .legacyTorch:
            "was saved by torch before 1.6 or in its old format, which is not read; load it with torch and save it again, "
                + "or take the model's safetensors file"

        case .json(let reason, let byte): "\(reason), at byte \(byte)"
        case .notAnObject: "is not a JSON object, which is in braces"
        case .wrongValue(let found, let expected): "\(found) is not \(expected)"
        case .missingKey(let expected): "is missing; \(expected) is expected"

        case .tooManyDimensions(let count, let limit): "a shape has \(count) dimensions; at most \(limit) are read"
        case .negativeDimension(let shape): "the shape \(shape) has a negative dimension; dimensions are 0 or more"
        case .shapeOverflow(let shape): "the shape \(shape) has more elements than can be counted"
        case .unevenBytes(let shape, let type): "the shape \(shape) of \(type) doesn't fill whole bytes"
        case .sizeMismatch(let shape, let type, let expected, let found):
            "the shape \(shape) of \(type) takes \(expected) bytes, but there are \(found)"
        case .noNumbers(let type): "its elements are \(type); float32, float16 and bfloat16 are read"
        case .duplicateTensor: "the name is used twice; a name stands for one tensor"
        case .nameTooLong(let bytes, let limit): "a name of \(bytes) bytes; names have at most \(limit)"

        case .safetensors(let problem): "\(problem)"
        case .shards(let problem): "\(problem)"
        case .archive(let error): "\(Self.description(of: error))"
        case .torch(let problem): "\(problem)"
        case .network(let problem): "\(problem)"
        case .pickle(let problem, let byte): "byte \(byte): \(problem)"
        }
    }

    private static func description(of error: ZipError) -> String {
        switch error {
        case .notZip: "doesn't end with a zip directory; the file is damaged or was not copied completely"
        case .malformed(let detail): "a damaged zip archive: \(detail)"
        case .truncated(let part, let needed, let found):
            "a damaged zip archive: the \(part) needs \(needed) bytes, but \(found) are left"
        case .tooManyEntries(let limit): "a zip archive of more than \(limit) entries"
        case .failed(let error): "cannot be read: \(error.reason)"
        }
    }
}

extension JSONScanner.Failure.Reason: CustomStringConvertible {
    /// What is wrong, as a clause that a place follows.
    package var description: String {
        switch self {
        case .notJSON: "the text is not JSON"
        case .notUTF8: "the text is not UTF-8"
        case .tooDeep(let limit): "lists and objects are nested more than \(limit) levels deep"
        case .tooManyValues(let limit): "there are more than \(limit) values"
        case .duplicateName(let name): "the key \(quoted(name)) is given twice; once is allowed"
        case .halfPair: "an escape stands for half a character"
        }
    }
}
