import CXXHash
import Files

/// A checksum that distinguishes a file's contents from those of most others, at the cost of reading a quarter of a megabyte of it.
package enum ContentSample {
    private static let blockCount = 64
    private static let blockSize = 4096

    /// The XXH3 checksum, in hexadecimal, of the file's size and of 64 blocks of 4096 bytes that are spread evenly over
    /// it, from its first to its last; of a file that is no larger than they are together, of all of it.
    package static func checksum(of file: RegularFile) throws(FileError) -> String {
        let size = file.byteCount
        var bytes = withUnsafeBytes(of: UInt64(size).littleEndian) { Array($0) }
        if size <= blockCount * blockSize {
            bytes += try file.read(at: 0, count: size)
        } else {
            let last = size - blockSize
            let step = last / (blockCount - 1)
            for block in 0..<blockCount {
                bytes += try file.read(at: block == blockCount - 1 ? last : block * step, count: blockSize)
            }
        }
        return Checksum.text(of: bytes)
    }
}

/// XXH3, 64 bits wide.
enum Checksum {
    /// In hexadecimal.
    static func text(of bytes: [UInt8]) -> String {
        let value = bytes.withUnsafeBytes { xxhash_xxh3($0.baseAddress, $0.count) }
        return padded(value, digits: 16, radix: 16)
    }
}
