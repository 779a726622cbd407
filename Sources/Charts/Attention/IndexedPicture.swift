import CZlib

/// A picture of at most 256 colours as a PNG file.
struct IndexedPicture {
    let width: Int
    let height: Int
    /// Red, green, blue.
    let palette: [RGB]
    /// `[height, width]`, each the index of a colour.
    let pixels: [UInt8]

    struct RGB: Hashable {
        let red, green, blue: UInt8
    }

    /// The bytes of a PNG file (ISO 15948): header, palette, one deflated block of rows without filters, end.
    var png: [UInt8] {
        precondition(pixels.count == width * height && width > 0 && height > 0 && palette.count <= 256)
        // Bits, indexed colour, deflate, no filtering method but the standard, not interlaced.
        let header = Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + [8, 3, 0, 0, 0]
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (width + 1))
        for row in 0..<height {
            // Its filter: none.
            rows.append(0)
            rows += pixels[row * width..<(row + 1) * width]
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + Self.chunk("IHDR", header)
            + Self.chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
            + Self.chunk("IDAT", Self.deflated(rows))
            + Self.chunk("IEND", [])
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + data
        let check = checked.withUnsafeBufferPointer {
            UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count))
        }
        return bigEndian(UInt32(data.count)) + checked + bigEndian(check)
    }

    /// A zlib stream.
    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        let bound = Int(compressBound(uLong(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            var written = uLongf(bound)
            let status = bytes.withUnsafeBufferPointer {
                compress2(output.baseAddress, &written, $0.baseAddress, uLong($0.count), Z_BEST_COMPRESSION)
            }
            precondition(status == Z_OK, "zlib has no memory")
            count = Int(written)
        }
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
