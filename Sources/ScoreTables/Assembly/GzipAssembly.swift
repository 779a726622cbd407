import Files

/// A compressed copy of text.
enum GzipAssembly {
    private static let pieceSize = 1 << 20

    static func compress(_ text: AppendedFile, into output: OutputFile) throws {
        let compressor = try GzipCompressor()
        var offset = 0
        while offset < text.byteCount {
            let piece = try text.read(at: offset, count: pieceSize)
            guard !piece.isEmpty else { throw RowAssembly.DamagedRows() }
            offset += piece.count
            let compressed = try compressor.compress(piece)
            try output.write(compressed.span.bytes)
        }
        let end = try compressor.finish()
        try output.write(end.span.bytes)
    }
}
