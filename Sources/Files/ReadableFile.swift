/// A file whose bytes can be read at any position.
package protocol ReadableFile: Sendable {
    /// When it was opened.
    var byteCount: Int { get }

    /// The bytes from an offset on, which is at most ``byteCount``; fewer than `count` if the file ends before.
    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8]
}

extension RegularFile: ReadableFile {}

extension MappedFile: ReadableFile {
    package var byteCount: Int { size }

    package func read(at offset: Int, count: Int) -> [UInt8] { copy(offset..<offset + min(count, size - offset)) }
}
