import CZlib
import Files

/// How a table that can't grow row by row is made from the rows once all are there.
enum RowAssembly {
    /// An archive of arrays, from `BinaryRows`.
    case arrays([OutputColumns])
    /// The same bytes, compressed.
    case gzip
    /// The same bytes: rows that wait because an older table is needed until they are all there.
    case copy

    /// The rows are not what was written.
    struct DamagedRows: Error {}

    /// Memory doesn't grow with the number of rows.
    func assemble(_ rows: AppendedFile, into output: OutputFile) throws {
        switch self {
        case .arrays(let columns): try ArrayAssembly(rows, columns).write(to: output)
        case .gzip:
            let compressor = try GzipCompressor()
            try Self.forEachPiece(of: rows) { piece in
                let compressed = try compressor.compress(piece)
                try output.write(compressed.span.bytes)
            }
            let end = try compressor.finish()
            try output.write(end.span.bytes)
        case .copy: try Self.forEachPiece(of: rows) { try output.write($0.span.bytes) }
        }
        try output.commit()
    }

    private static let pieceSize = 1 << 20

    private static func forEachPiece(of rows: AppendedFile, _ body: ([UInt8]) throws -> Void) throws {
        var offset = 0
        while offset < rows.byteCount {
            let piece = try rows.read(at: offset, count: pieceSize)
            guard !piece.isEmpty else { throw DamagedRows() }
            offset += piece.count
            try body(piece)
        }
    }
}

/// A gzip stream, made piece by piece. Its header has no time and no name, so that the same bytes give the same stream.
final class GzipCompressor {
    /// zlib refused, as it does when memory is short.
    struct Failure: Error {}

    /// zlib checks that its state stays at one address.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(Failure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more window bits: gzip's header and trailer rather than zlib's own. 8: zlib's default of memory.
        let status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw Failure()
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// What these bytes add to the stream.
    func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] { try run(bytes, Z_NO_FLUSH) }

    /// The rest of the stream.
    func finish() throws(Failure) -> [UInt8] { try run([], Z_FINISH) }

    private func run(_ bytes: [UInt8], _ flush: Int32) throws(Failure) -> [UInt8] {
        let pieceSize = 1 << 16
        precondition(bytes.count <= Int(UInt32.max), "zlib takes 32 bits' worth of bytes at once")
        var output: [UInt8] = []
        var status = Z_OK
        bytes.withUnsafeBufferPointer { input in
            // zlib does not write through next_in; its type only lacks the const.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                output += [UInt8](unsafeUninitializedCapacity: pieceSize) { piece, produced in
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = UInt32(pieceSize)
                    status = deflate(stream, flush)
                    produced = pieceSize - Int(stream.pointee.avail_out)
                }
            } while status == Z_OK && (stream.pointee.avail_out == 0 || flush == Z_FINISH)
        }
        // Having nothing to do is not an error.
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw Failure() }
        return output
    }
}
