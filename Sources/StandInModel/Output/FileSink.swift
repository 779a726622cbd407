import Files

/// A file that bytes are appended to.
struct FileSink: ByteSink {
    private let file: OutputFile
    /// The path that errors name.
    private let path: String
    /// The size that the file is to have, which an error for a full disk names.
    private let byteCount: Int

    init(_ file: OutputFile, path: String, byteCount: Int) {
        self.file = file
        self.path = path
        self.byteCount = byteCount
    }

    func write(_ bytes: RawSpan) throws {
        do { try file.write(bytes) } catch { throw StandInError(error, path: path, byteCount: byteCount) }
    }

    /// Writes a file that takes the place of any older one when it is whole. `contents` writes exactly `byteCount`
    /// bytes.
    ///
    /// - Throws: ``StandInError``, or what `contents` throws; nothing of the file is then left.
    static func replaceFile(at path: String, byteCount: Int, contents: (inout FileSink) throws -> Void) throws {
        do {
            let file = try OutputFile(path: path, reserving: byteCount)
            var sink = FileSink(file, path: path, byteCount: byteCount)
            try contents(&sink)
            try file.commit()
        } catch let error as FileError {
            throw StandInError(error, path: path, byteCount: byteCount)
        }
    }
}

extension StandInError {
    /// `byteCount` is the size that the file was to have.
    init(_ error: FileError, path: String, byteCount: Int) {
        self =
            error.isDiskFull
            ? .diskFull(path: path, bytes: byteCount) : .cannotWrite(path: path, reason: error.reason)
    }
}
