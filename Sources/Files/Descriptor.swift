import Foundation

/// An open file. Every transfer continues until all bytes have been moved, however many system calls that takes.
package final class Descriptor: Sendable {
    /// Valid while this object is alive.
    package let number: Int32
    private let isOwned: Bool

    /// Opens a file, which closes with this object. A file that `flags` have made gets the user's default permissions.
    package init(opening path: String, _ flags: Int32) throws(FileError) {
        // The system would take what precedes the zero byte for the path.
        guard !path.utf8.contains(0) else { throw FileError(.opening, code: EINVAL) }
        number = open(path, flags | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw FileError(.opening) }
        isOwned = true
    }

    /// Makes an empty file without a name in a folder; it vanishes with this object.
    package init(unnamedIn folder: String) throws(FileError) {
        var template = Array("\(folder)/emotion-cli-XXXXXX".utf8CString)
        number = mkstemp(&template)
        guard number >= 0 else { throw FileError(.opening) }
        unlink(template)
        isOwned = true
    }

    /// Uses an open descriptor, which stays open.
    package init(borrowing number: Int32) {
        self.number = number
        isOwned = false
    }

    /// Takes an open descriptor over, which closes with this object.
    package init(owning number: Int32) {
        self.number = number
        isOwned = true
    }

    deinit { if isOwned { close(number) } }

    package func status() throws(FileError) -> stat {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw FileError(.opening) }
        return status
    }

    /// Where the file ends; throws for a file that isn't seekable.
    func end() throws(FileError) -> Int {
        let end = lseek(number, 0, SEEK_END)
        guard end >= 0 else { throw FileError(.opening) }
        return Int(end)
    }

    /// Cuts off what comes after this many bytes.
    func truncate(to byteCount: Int) throws(FileError) {
        guard ftruncate(number, off_t(byteCount)) == 0 else { throw FileError(.writing) }
    }

    /// Waits until everything is on the disk. Some file systems report a full disk only here.
    func synchronize() throws(FileError) {
        // Those without fsync answer EINVAL.
        guard fsync(number) == 0 || errno == EINVAL else { throw FileError(.writing) }
    }

    // MARK: Transfers

    /// The bytes from an offset on; fewer than `count` if the file ends before.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[done..<count])
                let result = pread(number, rest.baseAddress, rest.count, off_t(offset + done))
                if result > 0 {
                    done += result
                } else if result == 0 || errno != EINTR {
                    failure = result == 0 ? nil : .last
                    return
                }
            }
        }
        if let failure { throw FileError(.reading, code: failure.code) }
        return bytes
    }

    /// The next bytes of a file or stream, as many as have come but at most `count`; none at its end.
    package func readNext(atMost count: Int) throws(FileError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, received in
            var result = systemRead(number, buffer)
            while result < 0, errno == EINTR { result = systemRead(number, buffer) }
            failure = result < 0 ? .last : nil
            received = max(0, result)
        }
        if let failure { throw FileError(.reading, code: failure.code) }
        return bytes
    }

    /// Writes all bytes at an offset or, without one, where the last such call ended.
    func write(_ bytes: RawSpan, at offset: Int? = nil) throws(FileError) {
        let failure: SystemError? = bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                let result =
                    offset.map { pwrite(number, rest.baseAddress, rest.count, off_t($0 + done)) }
                    ?? systemWrite(number, rest)
                if result > 0 {
                    done += result
                } else if result == 0 || errno != EINTR {
                    // A call that moves nothing leaves `errno` as it was.
                    return result == 0 ? SystemError(EIO) : .last
                }
            }
            return nil
        }
        if let failure { throw FileError(.writing, code: failure.code) }
    }
}

// The system calls that methods of the same name hide.

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
