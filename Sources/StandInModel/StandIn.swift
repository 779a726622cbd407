import Files

/// A model of the published architecture, in the published graph form, whose weights are random.
///
/// It stands in for the real model where that cannot be had: in tests, benchmarks and demonstrations. It costs the
/// same time and memory, and its numbers mean nothing. The file says so itself: see ``metadataKey``.
///
/// The bytes depend on the sizes and the seed alone: every machine writes the same file.
public struct StandIn: Sendable {
    /// The key in the model's metadata that marks a stand-in. Its value is the seed, in decimal.
    public static let metadataKey = "emotion-cli.standin"
    /// What the file's doc string says, and what should go with every answer that the model gives.
    public static let notice = "This is a stand-in with random weights: its numbers mean nothing."

    public let sizes: Sizes
    public let seed: UInt64
    private let model: EncodedModel

    /// Lays out the model. No weight is made before it is written.
    ///
    /// - Throws: ``StandInError`` where the sizes do not fit together or the file would be too large.
    public init(sizes: Sizes = .published, seed: UInt64 = 0) throws {
        try sizes.validate()
        self.sizes = sizes
        self.seed = seed
        model = EncodedModel(graph: .published(sizes), seed: seed)
        guard model.byteCount <= EncodedModel.largestFile else {
            throw StandInError.tooLarge(bytes: model.byteCount, limit: EncodedModel.largestFile)
        }
    }

    /// The exact size of `model.onnx`, in bytes.
    public var modelFileSize: Int { model.byteCount }

    /// The number of weights in the file.
    ///
    /// The exporter folds the two parts of the positional convolution's weight into one and leaves out a mask embedding
    /// that only training uses, so this is a little less than the trained model's count: 165,335,555 for the published
    /// sizes, where that is 165,336,707.
    public var parameterCount: Int { model.parameterCount }

    /// Writes `model.onnx` and `model.yaml` into a folder, which is made if it is not there.
    ///
    /// Each file is written under a temporary name and takes its final name, in place of any older file, only when it
    /// is whole. When this throws, no part of a file is left behind.
    ///
    /// - Throws: ``StandInError`` where the folder or a file cannot be written.
    public func write(toDirectory path: String) throws {
        do { try OutputFolder.make(at: path) } catch {
            throw StandInError.cannotWrite(path: path, reason: error.reason)
        }
        let folder = path.hasSuffix("/") ? path : path + "/"
        try FileSink.replaceFile(at: folder + "model.onnx", byteCount: model.byteCount) { sink in
            try model.write(to: &sink)
        }
        let description = Array(modelDescription.utf8)
        try FileSink.replaceFile(at: folder + "model.yaml", byteCount: description.count) { sink in
            try sink.write(description.span.bytes)
        }
    }

    /// Writes the bytes of `model.onnx`, ``modelFileSize`` of them, in order.
    public func writeModel(to sink: inout some ByteSink) throws {
        try model.write(to: &sink)
    }
}
