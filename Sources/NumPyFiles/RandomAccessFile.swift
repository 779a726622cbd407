import Foundation

/// A regular file, open for reading at any position, also from several threads at once.
final class RandomAccessFile: Sendable {
    /// When it was opened.
    let byteCount: Int
    private let descriptor: Int32

    init(_ path: String) throws(NumPyError.Reason) {
        // Without O_NONBLOCK, opening a pipe would wait for its writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(code: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .cannotOpen(code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notRegularFile
        }
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// - Throws: `.truncated` if the file does not reach that far.
    func read(_ range: Range<Int>) throws(NumPyError.Reason) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw .truncated(part: "file", needed: range.upperBound, found: byteCount)
        }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[count..<range.count])
                let result = pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + count))
                if result > 0 {
                    count += result
                } else if result == 0 || errno != EINTR {
                    failure = result == 0 ? 0 : errno
                    return
                }
            }
        }
        guard failure == 0 else { throw .cannotRead(code: failure) }
        // Another process may have cut the file since.
        guard bytes.count == range.count else {
            throw .truncated(part: "file", needed: range.upperBound, found: range.lowerBound + bytes.count)
        }
        return bytes
    }
}
