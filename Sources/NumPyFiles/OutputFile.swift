import Foundation

/// A place that bytes go to, in order.
protocol ByteSink: AnyObject {
    func write(_ bytes: [UInt8]) throws(NumPyError.Reason)
    /// Everything was written.
    func commit() throws(NumPyError.Reason)
}

/// An open descriptor, such as standard output; it stays open.
final class StreamSink: ByteSink {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    func write(_ bytes: [UInt8]) throws(NumPyError.Reason) { try writeAll(bytes, to: descriptor) }
    func commit() {}
}

/// A file that takes its target's place when it is whole, and leaves no trace if it never is.
///
/// Written beside the target and renamed over it. Where the target is not a regular file (a device, a pipe), there is
/// nothing to replace, and it is written directly.
final class ReplacingFile: ByteSink {
    private let descriptor: Int32
    private let target: String
    /// `nil` once it has been renamed, and where the target is written directly.
    private var temporary: String?

    init(_ path: String) throws(NumPyError.Reason) {
        // A symbolic link stays one: the file that it points to is replaced.
        target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        var status = stat()
        let exists = stat(target, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            descriptor = open(target, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .cannotOpen(code: errno) }
            return
        }
        if exists, access(target, W_OK) != 0 { throw .cannotWrite(code: errno) }
        let name = "\(target).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotOpen(code: errno) }
        temporary = name
        if exists { fchmod(descriptor, status.st_mode & 0o7777) }
    }

    deinit {
        close(descriptor)
        if let temporary { unlink(temporary) }
    }

    func write(_ bytes: [UInt8]) throws(NumPyError.Reason) { try writeAll(bytes, to: descriptor) }

    func commit() throws(NumPyError.Reason) {
        guard let temporary else { return }
        // The rename may reach the disk before the data does, and the old file would be lost in a power cut.
        guard fsync(descriptor) == 0, rename(temporary, target) == 0 else { throw .cannotWrite(code: errno) }
        self.temporary = nil
    }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(NumPyError.Reason) {
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
            let result = write(descriptor, rest.baseAddress, rest.count)
            if result >= 0 {
                written += result
            } else if errno != EINTR {
                failure = errno
                return
            }
        }
    }
    guard failure == 0 else { throw .cannotWrite(code: failure) }
}
