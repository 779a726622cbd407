import Foundation

/// The bytes of a file, from first to last, without those of a byte order mark at its beginning. It need not be one that
/// can be read twice.
struct ByteSource {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let bufferSize = 1 << 18

    private let file: FileHandle
    private var buffer = [UInt8](repeating: 0, count: bufferSize)
    private var available = 0..<0

    /// The path `-` is standard input.
    init(_ path: String) throws(SystemFailure) {
        if path == "-" {
            file = .standardInput
        } else {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw SystemFailure(code: errno) }
            file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        }
        // No longer than it may still be a byte order mark: whoever writes into a pipe may wait for an answer.
        let mark = Self.byteOrderMark
        while available.count < mark.count, mark.starts(with: buffer[available]), try fill() {}
        if buffer[available].starts(with: mark) { available = mark.count..<available.upperBound }
    }

    /// The next byte; nil at the end.
    @inline(__always)
    mutating func next() throws(SystemFailure) -> UInt8? {
        if available.isEmpty {
            available = 0..<0
            guard try fill() else { return nil }
        }
        let byte = buffer[available.lowerBound]
        available = available.lowerBound + 1..<available.upperBound
        return byte
    }

    /// Appends what can be read now to what is available, and says whether there was any.
    private mutating func fill() throws(SystemFailure) -> Bool {
        while true {
            let descriptor = file.fileDescriptor
            let count = buffer.withUnsafeMutableBytes { bytes in
                let free = UnsafeMutableRawBufferPointer(rebasing: bytes[available.upperBound...])
                return read(descriptor, free.baseAddress, free.count)
            }
            if count > 0 { available = available.lowerBound..<available.upperBound + count }
            guard count < 0 else { return count > 0 }
            guard errno == EINTR else { throw SystemFailure(code: errno) }
        }
    }
}
