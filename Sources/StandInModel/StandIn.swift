import Files

/// A model of the published architecture, in the published graph form, whose weights are random.
///
/// It stands in for the real model where that is not available: in tests, benchmarks and demonstrations. It costs the
/// same time and memory, and its numbers mean nothing. The file says so itself: see ``metadataKey``.
///
/// The bytes depend on the sizes and the seed alone: every machine writes the same file.
public struct StandIn: Sendable {
    /// The key in the model's metadata that marks a stand-in. Its value is the seed, in decimal.
    package static let metadataKey = "emotion-cli.standin"
    /// What the file's doc string says, and what should go with every answer that the model gives.
    package static let notice = "This is a stand-in with random weights: its numbers mean nothing."

    package let sizes: Sizes
    package let seed: UInt64
    private let model: EncodedModel

    /// Lays out the model. No weight is made before it is written.
    ///
    /// - Throws: ``StandInError`` if the sizes do not fit together or the file would be too large.
    public init(sizes: Sizes = .published, seed: UInt64 = 0) throws(StandInError) {
        try sizes.validate()
        self.sizes = sizes
        self.seed = seed
        model = EncodedModel(graph: .published(sizes), seed: seed)
        guard model.byteCount <= EncodedModel.largestFile else {
            throw StandInError(.tooLarge(bytes: model.byteCount, limit: EncodedModel.largestFile))
        }
    }

    /// The exact size of `model.onnx`, in bytes.
    package var modelFileSize: Int { model.byteCount }

    /// The number of weights in the file.
    ///
    /// The exporter folds the two parts of the positional convolution's weight into one and leaves out a mask embedding
    /// that only training uses, so this is a little less than the trained model's count: 165,335,555 for the published
    /// sizes, where that is 165,336,707.
    package var parameterCount: Int { model.parameterCount }

    // MARK: Files

    /// Writes `model.onnx` and `model.yaml` into a folder, which is made if it does not exist.
    ///
    /// Each file is written under a temporary name and takes its final name, in place of any older file, only when it
    /// is whole. When this throws, no part of a file is left behind.
    ///
    /// - Throws: ``StandInError`` if the folder or a file cannot be written.
    public func write(toDirectory path: String) throws(StandInError) {
        do throws(FileError) { try OutputFolder.make(at: path) } catch {
            throw StandInError(.cannotWrite(error.reason), file: path)
        }
        let folder = path.hasSuffix("/") ? path : path + "/"
        try Self.write(folder + "model.onnx", byteCount: model.byteCount) { file throws(FileError) in
            try writeModel { bytes throws(FileError) in try file.write(bytes) }
        }
        let description = Array(modelDescription.utf8)
        try Self.write(folder + "model.yaml", byteCount: description.count) { file throws(FileError) in
            try file.write(description.span.bytes)
        }
    }

    /// Hands the bytes of `model.onnx`, ``modelFileSize`` of them, to `write`, in order.
    package func writeModel<Failure>(_ write: (RawSpan) throws(Failure) -> Void) throws(Failure) {
        try model.write(write)
    }

    /// Writes a file that takes the place of any older one when it is whole; `contents` writes exactly `byteCount`
    /// bytes.
    static func write(
        _ path: String, byteCount: Int, contents: (OutputFile) throws(FileError) -> Void
    ) throws(StandInError) {
        do throws(FileError) {
            let file = try OutputFile(path: path, reserving: byteCount)
            try contents(file)
            try file.commit()
        } catch {
            throw StandInError(error, file: path, byteCount: byteCount)
        }
    }

    /// The text of `model.yaml`: what audonnx's `Model.to_yaml` writes for the published model.
    ///
    /// The version is that of the audonnx release that wrote the published file. Only the three published scores have
    /// names; any other number of outputs has none, which audonnx writes as `null`.
    package var modelDescription: String {
        let names = sizes.outputs == Self.scoreNames.count ? Self.scoreNames : []
        let labels =
            names.isEmpty ? " null\n" : "\n    logits:\n" + names.map { "    - \($0)\n" }.joined()
        return """
            $audonnx.core.model.Model==0.3.2:
              path: model.onnx
              labels:\(labels)\
              transform: null

            """
    }

    private static let scoreNames = ["arousal", "dominance", "valence"]
}

/// Why a stand-in could not be made or written.
public struct StandInError: Error, Hashable, CustomStringConvertible {
    /// The file or folder that could not be written; nil if the sizes are at fault.
    package let file: String?
    package let reason: Reason

    init(_ reason: Reason, file: String? = nil) {
        self.file = file
        self.reason = reason
    }

    /// Why `file`, which was to have `byteCount` bytes, could not be written.
    init(_ error: FileError, file: String, byteCount: Int) {
        self.init(error.isDiskFull ? .diskFull(bytes: byteCount) : .cannotWrite(error.reason), file: file)
    }

    /// The reason, after the file's path if there is one.
    public var description: String { file.map { "\($0): \(reason)" } ?? "\(reason)" }

    /// What was wrong, and what would be right.
    package enum Reason: Hashable, Sendable, CustomStringConvertible {
        case outOfRange(name: String, value: Int, range: ClosedRange<Int>)
        case notADivisor(name: String, value: Int, of: Int)
        case unequalCounts(kernels: Int, strides: Int)
        case oddPositionalKernel(Int)
        /// The sizes are sound, but no ONNX reader takes a file so large.
        case tooLarge(bytes: Int, limit: Int)
        /// The disk has no room for a file of this size.
        case diskFull(bytes: Int)
        /// A system call failed; with the system's own message.
        case cannotWrite(String)

        package var description: String {
            switch self {
            case .outOfRange(let name, let value, let range):
                "\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)"
            case .notADivisor(let name, let value, let hidden):
                "\(name) is \(value), which does not divide hidden, \(hidden)"
            case .unequalCounts(let kernels, let strides):
                "there are \(kernels) kernels and \(strides) strides; each convolution has one of each"
            case .oddPositionalKernel(let value):
                "positionalKernel is \(value); it must be even, as in the published model"
            case .tooLarge(let bytes, let limit):
                "the model would take \(bytes) bytes; an ONNX file holds at most \(limit), so choose smaller sizes"
            case .diskFull(let bytes): "the disk is full; the file needs \(bytes) bytes"
            case .cannotWrite(let reason): "cannot be written (\(reason))"
            }
        }
    }
}
