import CZlib

/// The CRC-32 that zip files carry: that of `bytes`, or of other bytes with the given checksum and then these.
func crc32(_ bytes: [UInt8], after checksum: UInt32 = 0) -> UInt32 {
    // With a null address, zlib returns its initial value.
    if bytes.isEmpty { return checksum }
    return bytes.withUnsafeBufferPointer { buffer in
        UInt32(truncatingIfNeeded: crc32_z(UInt(checksum), buffer.baseAddress, buffer.count))
    }
}

/// Decompresses a raw deflate stream piece by piece, so that no more is ever held than was asked for.
final class Inflater {
    private let compressed: [UInt8]
    private var consumed = 0
    private var ended = false
    /// zlib checks that its state stays at one address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Deflate can't compress by more than this (zlib's technical notes give 1032:1).
    static let maximumRatio = 1032

    init(_ compressed: [UInt8]) throws(NumPyError.Reason) {
        self.compressed = compressed
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Negative window bits: raw deflate, without zlib's own header.
        guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw .malformedDeflate
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next `count` bytes, or fewer if the stream ends before.
    func read(_ count: Int) throws(NumPyError.Reason) -> [UInt8] {
        var output: [UInt8] = []
        while output.count < count, !ended {
            output += try readPiece(min(count - output.count, 1 << 20))
        }
        return output
    }

    /// Whether the stream has ended and all of the compressed bytes were part of it.
    func isComplete() throws(NumPyError.Reason) -> Bool {
        let more = try read(1)
        return more.isEmpty && ended && consumed == compressed.count
    }

    private func readPiece(_ count: Int) throws(NumPyError.Reason) -> [UInt8] {
        var status = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: count) { output, produced in
            compressed.withUnsafeBufferPointer { input in
                let available = min(input.count - consumed, 1 << 30)
                // zlib does not write through next_in; its type only lacks the const.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.advanced(by: consumed))
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(count)
                status = inflate(stream, Z_NO_FLUSH)
                consumed += available - Int(stream.pointee.avail_in)
                produced = count - Int(stream.pointee.avail_out)
            }
        }
        switch status {
        case Z_STREAM_END: ended = true
        case Z_OK where !piece.isEmpty || consumed < compressed.count: break
        default: throw .malformedDeflate
        }
        return piece
    }
}
