import Files

/// Reads waiting rows from the first on, in large pieces.
struct RowReader {
    private let file: AppendedFile
    private var buffer: [UInt8] = []
    private var position = 0
    /// Where in the file the buffer ends.
    private var read = 0

    private static let pieceSize = 1 << 20

    init(_ file: AppendedFile) { self.file = file }

    var isAtEnd: Bool { position == buffer.count && read >= file.byteCount }

    /// The next bytes; fewer where the file ends before.
    mutating func next(_ count: Int) throws(FileError) -> ArraySlice<UInt8> {
        if buffer.count - position < count {
            let more = try file.read(at: read, count: max(Self.pieceSize, count))
            buffer = Array(buffer[position...]) + more
            position = 0
            read += more.count
        }
        defer { position = min(position + count, buffer.count) }
        return buffer[position..<min(position + count, buffer.count)]
    }
}
