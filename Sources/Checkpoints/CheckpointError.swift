import Files

/// Why a checkpoint can't be read: where in it, and what is wrong there.
public struct CheckpointError: Error, Sendable, Equatable {
    /// The path of the file or folder.
    package private(set) var file: String
    /// The tensor, key or entry that it is about; empty for the file as a whole.
    package private(set) var part: String
    /// What is wrong.
    package let reason: Reason

    package init(_ reason: Reason, part: String = "", file: String = "") {
        self.file = file
        self.part = part
        self.reason = reason
    }

    /// The same error, about a tensor, key or entry, unless it already says what it is about.
    func about(_ part: @autoclosure () -> String) -> CheckpointError {
        var error = self
        if error.part.isEmpty { error.part = part() }
        return error
    }

    /// The same error, in a file, unless it already names one.
    func inFile(_ path: String) -> CheckpointError {
        var error = self
        if error.file.isEmpty { error.file = path }
        return error
    }

    package enum Reason: Sendable, Equatable {
        // The folder and its files
        case cannotOpen(reason: String)
        case notAFile(kind: String)
        case emptyFile
        case tooLarge(bytes: Int, limit: Int)
        /// With the names that were looked for.
        case noWeights(names: [String])
        /// A file of another kind, as its first bytes say, where weights are expected.
        case notWeights(looksLike: String)
        /// The format of torch before 1.6.
        case legacyTorch

        // JSON
        case json(JSONScanner.Failure.Reason, byte: Int)
        case notAnObject
        case wrongValue(found: String, expected: String)
        case missingKey(expected: String)

        // Tensors
        case tooManyDimensions(Int, limit: Int)
        case negativeDimension(shape: [Int])
        case shapeOverflow(shape: [Int])
        /// Elements of less than a byte whose last byte is not whole.
        case unevenBytes(shape: [Int], type: String)
        case sizeMismatch(shape: [Int], type: String, expected: Int, found: Int)
        /// Elements that are not read.
        case noNumbers(type: String)
        case duplicateTensor
        case nameTooLong(bytes: Int, limit: Int)

        case safetensors(SafetensorsProblem)
        case shards(ShardProblem)
        case archive(ZipError)
        case torch(TorchProblem)
        case pickle(PickleProblem, byte: Int)

        // Together
        case network(CheckpointNetworkProblem)
    }
}

extension CheckpointError: CustomStringConvertible {
    /// One line: the file, the part, what is wrong there and what would be right.
    public var description: String {
        // Names come from the file.
        printable([file, part, reason.description].filter { !$0.isEmpty }.joined(separator: ": "))
    }
}

extension CheckpointError.Reason {
    init(_ error: OpeningError) {
        self = if case .notRegular(let kind) = error { .notAFile(kind: kind) } else { .cannotOpen(reason: "\(error)") }
    }
}
