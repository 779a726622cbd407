/// The pages of an Ogg file, one after the other.
struct OggPages {
    struct Page {
        let offset: Int
        let byteCount: Int
        let isFirst: Bool
        let isLast: Bool
        /// The position of the stream at the page's end; nil if no packet ends on it.
        let position: Int64?
        let stream: UInt32
        let number: UInt32
        /// Whether bytes before it are not a page, or its content is not what its checksum says.
        let isDamaged: Bool
    }

    let bytes: ByteWindow
    private var offset = 0
    /// What a page at the end declares and what of it is there, in bytes; set after the last page.
    private(set) var cut: (declared: Int, found: Int)?
    /// Bytes behind the last page that are none; set after it.
    private(set) var further = 0

    private static let headerSize = 27

    init(_ bytes: ByteWindow) { self.bytes = bytes }

    /// Nil after the last page.
    mutating func next() throws(AudioError.Reason) -> Page? {
        var place = offset
        while let start = try bytes.first(UInt8(ascii: "O"), from: place) {
            guard try bytes.has("OggS\0", at: start) else {
                place = start + 1
                continue
            }
            guard let size = try size(at: start), start + size <= bytes.end else {
                // Within damaged pages, the name may come by chance.
                if start == offset {
                    // Within its header, more is missing than can be said.
                    let found = bytes.end - start
                    cut = (try size(at: start) ?? found + 1, found)
                    return nil
                }
                place = start + 1
                continue
            }
            let page = Array(try bytes.bytes(size, at: start))
            let isWhole = Self.checksum(page) == Self.integer(page[22..<26])
            if !isWhole, start > offset {
                place = start + 1
                continue
            }
            let isGap = try !isZero(offset..<start)
            let isDamaged = !isWhole || isGap
            offset = start + size
            return Page(start, page, isDamaged: isDamaged)
        }
        if try !isZero(offset..<bytes.end) { further = bytes.end - offset }
        return nil
    }

    /// Of a page with its header; nil if the file ends within the header.
    private func size(at offset: Int) throws(AudioError.Reason) -> Int? {
        let header = Array(try bytes.bytes(Self.headerSize, at: offset))
        guard header.count == Self.headerSize else { return nil }
        let count = Int(header[26])
        let sizes = try bytes.bytes(count, at: offset + Self.headerSize)
        guard sizes.count == count else { return nil }
        return Self.headerSize + count + sizes.reduce(0) { $0 + Int($1) }
    }

    private func isZero(_ range: Range<Int>) throws(AudioError.Reason) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let piece = try bytes.bytes(min(1 << 16, range.upperBound - offset), at: offset)
            guard !piece.isEmpty, piece.allSatisfy({ $0 == 0 }) else { return false }
            offset += piece.count
        }
        return true
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// CRC-32 with the polynomial 0x04C11DB7, unreflected, with zeros in its own place.
    private static func checksum(_ page: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for index in page.indices {
            let byte = (22..<26).contains(index) ? 0 : page[index]
            sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 24) ^ byte)]
        }
        return sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { sum, _ in sum & 0x8000_0000 == 0 ? sum << 1 : sum << 1 ^ 0x04C1_1DB7 }
    }
}

extension OggPages.Page {
    fileprivate init(_ offset: Int, _ bytes: [UInt8], isDamaged: Bool) {
        self.offset = offset
        byteCount = bytes.count
        self.isDamaged = isDamaged
        isFirst = bytes[5] & 2 != 0
        isLast = bytes[5] & 4 != 0
        let value = bytes[6..<14].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        position = value == .max ? nil : Int64(bitPattern: value)
        stream = bytes[14..<18].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        number = bytes[18..<22].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
