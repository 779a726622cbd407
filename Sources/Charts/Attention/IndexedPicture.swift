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

/// Viridis, a colour map in which equal steps look equal, to readers of any colour vision and in grey
/// (Smith and van der Walt, bids.github.io/colormap; public domain).
enum ColorMap {
    /// How many steps it is cut into; index ``levels`` is for what is not a number.
    static let levels = 255

    /// Evenly spaced.
    private static let anchors: [UInt32] = [
        0x440154, 0x481568, 0x482677, 0x453781, 0x3F4788, 0x39558C, 0x32648E, 0x2D718E, 0x287D8E, 0x238A8D,
        0x1F968B, 0x20A386, 0x29AF7F, 0x3CBC75, 0x56C667, 0x74D055, 0x94D840, 0xB8DE29, 0xDCE318, 0xFDE725,
    ]

    /// The colours of ``levels`` steps, then grey.
    static let palette: [IndexedPicture.RGB] =
        (0..<levels).map { color(Double($0) / Double(levels - 1)) }
        + [IndexedPicture.RGB(red: 0x99, green: 0x99, blue: 0x99)]

    /// The index of the colour of a share of the scale, where 1 and more is the last step and 0 and less the first.
    static func index(_ share: Double) -> UInt8 {
        guard share.isFinite else { return UInt8(levels) }
        return UInt8((min(max(share, 0), 1) * Double(levels - 1)).rounded())
    }

    private static func color(_ share: Double) -> IndexedPicture.RGB {
        let place = share * Double(anchors.count - 1)
        let index = min(Int(place), anchors.count - 2)
        let (from, to) = (color(of: anchors[index]), color(of: anchors[index + 1]))
        func between(_ one: UInt8, _ other: UInt8) -> UInt8 {
            UInt8((Double(one) + (place - Double(index)) * (Double(other) - Double(one))).rounded())
        }
        return IndexedPicture.RGB(
            red: between(from.red, to.red), green: between(from.green, to.green), blue: between(from.blue, to.blue))
    }

    private static func color(of hex: UInt32) -> IndexedPicture.RGB {
        IndexedPicture.RGB(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }
}
