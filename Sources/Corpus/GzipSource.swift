import CZlib

/// Decompresses a gzip file (RFC 1952) piece by piece, all its members.
final class GzipSource {
    enum Failure: Error {
        case damaged
        case cutShort
    }

    /// zlib checks that its state stays at one address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    private var isBetweenMembers = false
    private static let pieceLength = 1 << 18

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more than the greatest window: with gzip's header and checksum.
        guard inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next bytes; none at the end. `more` gives the next compressed ones, and none at their end.
    func next<E: Error>(_ more: () throws(E) -> [UInt8]) throws -> [UInt8] {
        while true {
            if consumed == input.count {
                (input, consumed) = (try more(), 0)
                if input.isEmpty {
                    if isBetweenMembers { return [] }
                    throw Failure.cutShort
                }
            }
            if isBetweenMembers {
                // Zeros may fill the last block of a tape.
                while consumed < input.count, input[consumed] == 0 { consumed += 1 }
                if consumed == input.count { continue }
                guard inflateReset(stream) == Z_OK else { throw Failure.damaged }
                isBetweenMembers = false
            }
            let piece = try inflatePiece()
            if !piece.isEmpty { return piece }
        }
    }

    private func inflatePiece() throws(Failure) -> [UInt8] {
        var status = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { output, produced in
            input.withUnsafeBufferPointer { bytes in
                // zlib does not write through next_in; its type only lacks the const.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.advanced(by: consumed))
                stream.pointee.avail_in = UInt32(bytes.count - consumed)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                status = inflate(stream, Z_NO_FLUSH)
                consumed = bytes.count - Int(stream.pointee.avail_in)
                produced = output.count - Int(stream.pointee.avail_out)
            }
        }
        switch status {
        case Z_STREAM_END: isBetweenMembers = true
        case Z_OK, Z_BUF_ERROR: break
        default: throw .damaged
        }
        return piece
    }
}
