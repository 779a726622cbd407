#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file that bytes are appended to.
struct FileSink: ByteSink {
    private let descriptor: Int32
    /// The path that errors name.
    private let path: String
    /// The size that the file is to have, which an error for a full disk names.
    private let byteCount: Int

    init(descriptor: Int32, path: String, byteCount: Int) {
        self.descriptor = descriptor
        self.path = path
        self.byteCount = byteCount
    }

    func write(_ bytes: RawSpan) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if written < 0 {
                    if errno == EINTR { continue }
                    throw error(errno)
                }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Sets room aside, so that a full disk shows before any work is done. File systems that cannot are left alone.
    private func reserve() throws {
        #if canImport(Glibc)
            let code = posix_fallocate(descriptor, 0, byteCount)
            if code == ENOSPC || code == EDQUOT || code == EFBIG { throw error(code) }
        #endif
    }

    private func error(_ code: Int32) -> StandInError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull(path: path, bytes: byteCount) : .cannotWrite(path: path, reason: Self.message(for: code))
    }
}

extension FileSink {
    /// Writes a file under a temporary name in the same folder, then gives it its name in place of any older file.
    /// `contents` writes exactly `byteCount` bytes.
    ///
    /// - Throws: ``StandInError``, or what `contents` throws; the temporary file is then removed.
    static func replaceFile(at path: String, byteCount: Int, contents: (inout FileSink) throws -> Void) throws {
        let temporaryPath = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw StandInError.cannotWrite(path: path, reason: message(for: errno))
        }
        var sink = FileSink(descriptor: descriptor, path: path, byteCount: byteCount)
        do {
            try sink.reserve()
            try contents(&sink)
            // Some file systems report a full disk only here.
            guard fsync(descriptor) == 0 || errno == EINVAL else { throw sink.error(errno) }
        } catch {
            close(descriptor)
            unlink(temporaryPath)
            throw error
        }
        guard close(descriptor) == 0, rename(temporaryPath, path) == 0 else {
            let failure = sink.error(errno)
            unlink(temporaryPath)
            throw failure
        }
    }

    /// Makes a folder and those that it lies in, where they are missing.
    static func makeFolder(at path: String) throws {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        var code = errno
        if code == ENOENT, let parent = parentFolder(of: path) {
            try makeFolder(at: parent)
            if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
            code = errno
        }
        throw StandInError.cannotWrite(path: path, reason: message(for: code))
    }

    /// Nil for the root, and for a name without a folder.
    private static func parentFolder(of path: String) -> String? {
        let name = path.reversed().drop { $0 == "/" }.prefix { $0 != "/" }
        let parent = String(path[..<name.endIndex.base])
        return name.isEmpty || parent.isEmpty ? nil : parent
    }

    /// The system's message for an error number.
    static func message(for code: Int32) -> String { String(cString: strerror(code)) }
}

/// `write(2)`, which the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
