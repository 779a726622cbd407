extension ONNXModel {
    /// Reads a model: maps the file, decodes it and checks its graph. Throws an ``ONNXError``.
    ///
    /// Weights are not read but stay in the file, which must not be changed while the model is in use.
    public init(contentsOf path: String) throws(ONNXError) {
        do throws(ONNXError) {
            let source = try ModelSource(path: path)
            do throws(ONNXError) {
                self = try ONNXModel(decoding: WireReader(source))
            } catch {
                let start = source.file.elements(in: 0..<min(source.file.size, 64), as: UInt8.self)
                guard let guess = ForeignFile.guess(start) else { throw error }
                throw ONNXError(.notONNX(looksLike: guess))
            }
            files = [source.file] + source.externalData.files
        } catch {
            throw error.inFile(path)
        }
    }

    /// The size of the model file and of the files with its external data, in bytes; 0 for a model made in memory.
    public var fileSize: Int { files.reduce(0) { $0 + $1.size } }

    /// Asks for the files to be read ahead from the disk, for callers that will read all weights.
    public func prefetch() {
        for file in files { file.prefetch() }
    }

    /// Lets the memory of the mapped files go, once the weights have been copied. Tensors can still be read: their
    /// pages come back from the file.
    public func releasePages() {
        for file in files { file.releasePages(in: 0..<file.size) }
    }
}
