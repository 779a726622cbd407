import Foundation

/// The bytes of a file, from first to last, without a byte order mark at its beginning. The file may be one that can be
/// read only once.
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
        // No more than a byte order mark could be: the writer of a pipe may be waiting for an answer.
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

/// A system call that failed.
package struct SystemFailure: Error, Hashable, CustomStringConvertible {
    /// An `errno`.
    package let code: Int32

    package var description: String {
        switch code {
        case ENOENT, ENOTDIR: "no such file"
        case EACCES, EPERM: "no permission to read it"
        default: String(cString: strerror(code))
        }
    }
}

/// The characters that times, tables and lists are made of.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let plus = UInt8(ascii: "+")
    static let comma = UInt8(ascii: ",")
    static let minus = UInt8(ascii: "-")
    static let point = UInt8(ascii: ".")
    static let semicolon = UInt8(ascii: ";")
    static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    /// The bit that a lower-case letter has and its capital has not.
    static let lowercase: UInt8 = 0x20

    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces and tabs at both ends.
    func trimmed() -> SubSequence {
        let start = drop(while: ASCII.isBlank)
        guard let last = start.lastIndex(where: { !ASCII.isBlank($0) }) else { return start }
        return start[...last]
    }
}
