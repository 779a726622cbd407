#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes all bytes, however many calls that takes: `call` writes those that are left, of which `done` went before, and
/// returns what the system call does.
func writeAll(
    _ bytes: RawSpan, with call: (_ rest: UnsafeRawBufferPointer, _ done: Int) -> Int
) throws(FileOutputError) {
    let failure: Int32 = bytes.withUnsafeBytes { buffer in
        var done = 0
        while done < buffer.count {
            let written = call(UnsafeRawBufferPointer(rebasing: buffer[done...]), done)
            if written >= 0 {
                done += written
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
    guard failure == 0 else { throw FileOutputError(.writing, code: failure) }
}

/// Reads so many bytes from an offset on, or fewer where the file ends before.
func readAll(_ descriptor: Int32, at offset: Int, count: Int) throws(FileOutputError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
        while done < count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[done...])
            let result = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if result > 0 {
                done += result
            } else if result == 0 || errno != EINTR {
                failure = result == 0 ? 0 : errno
                return
            }
        }
    }
    guard failure == 0 else { throw FileOutputError(.reading, code: failure) }
    return bytes
}
