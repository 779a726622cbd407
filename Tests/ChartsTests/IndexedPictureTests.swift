import CZlib
import Testing

@testable import Charts

@Suite struct IndexedPictureTests {
    static let palette = (0..<256).map { IndexedPicture.RGB(red: UInt8($0), green: UInt8(255 - $0), blue: 7) }

    @Test(arguments: [(1, 1), (7, 3), (128, 128), (1, 255)])
    func `reads back as it was written`(width: Int, height: Int) throws {
        let pixels = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let picture = IndexedPicture(width: width, height: height, palette: Self.palette, pixels: pixels)
        let chunks = try #require(PNGChunks(picture.png))
        #expect(chunks.types == ["IHDR", "PLTE", "IDAT", "IEND"])
        #expect(chunks["IHDR"] == [0, 0, 0, UInt8(width), 0, 0, 0, UInt8(height), 8, 3, 0, 0, 0])
        #expect(chunks["PLTE"] == Self.palette.flatMap { [$0.red, $0.green, $0.blue] })
        let rows = (0..<height).flatMap { [0] + pixels[$0 * width..<($0 + 1) * width] }
        #expect(try inflated(#require(chunks["IDAT"]), count: rows.count) == rows)
    }

    private func inflated(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count + 1)
        var written = uLongf(output.count)
        let status = uncompress(&output, &written, bytes, uLong(bytes.count))
        try #require(status == Z_OK)
        return Array(output.prefix(Int(written)))
    }
}

/// The parts of a PNG file, each with a sound check sum.
private struct PNGChunks {
    private(set) var types: [String] = []
    private var data: [String: [UInt8]] = [:]

    init?(_ bytes: [UInt8]) {
        guard bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else { return nil }
        var rest = bytes.dropFirst(8)
        func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
        while !rest.isEmpty {
            let count = number(rest.prefix(4))
            guard rest.count >= count + 12 else { return nil }
            let checked = Array(rest.dropFirst(4).prefix(count + 4))
            guard number(rest.dropFirst(count + 8).prefix(4)) == Int(crc32(0, checked, uInt(checked.count))) else {
                return nil
            }
            let type = String(decoding: checked.prefix(4), as: UTF8.self)
            types.append(type)
            data[type] = Array(checked.dropFirst(4))
            rest = rest.dropFirst(count + 12)
        }
    }

    subscript(type: String) -> [UInt8]? { data[type] }
}
