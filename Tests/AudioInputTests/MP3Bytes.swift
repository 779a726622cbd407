import Foundation
import TestSupport

/// MP3 files as bytes, taken apart into frames.
struct MP3Bytes {
    /// The silent frame that gives the length.
    var tag: [UInt8]
    var frames: [[UInt8]]

    /// What libsndfile's encoder makes of mono samples.
    init(_ samples: [Float], rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("encoded.mp3")
        try Encoder.write(samples, rate: rate, as: Encoder.mp3, to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var parts: [[UInt8]] = []
        var place = 0
        while place + 4 <= bytes.count {
            let count = Self.byteCount(Array(bytes[place..<place + 4]))
            parts.append(Array(bytes[place..<place + count]))
            place += count
        }
        tag = parts.removeFirst()
        frames = parts
    }

    /// Of a frame of layer III with this header.
    private static func byteCount(_ header: [UInt8]) -> Int {
        let isVersion1 = header[1] & 0x08 != 0
        let version1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
        let version2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        let kilobits = (isVersion1 ? version1 : version2)[Int(header[2] >> 4)]
        let rate = [44_100, 48_000, 32_000][Int(header[2] >> 2 & 3)] >> (isVersion1 ? 0 : 1)
        return (isVersion1 ? 144_000 : 72_000) * kilobits / rate + Int(header[2] >> 1 & 1)
    }

    var untagged: [UInt8] { Array(frames.joined()) }
    var tagged: [UInt8] { tag + untagged }

    /// The tag with other numbers of frames and bytes; nil leaves one as it is.
    func tag(frames: Int? = nil, bytes: Int? = nil) -> [UInt8] {
        var changed = tag
        guard
            let name = tag.indices.first(where: { Array(tag[$0...].prefix(4)) == Array("Xing".utf8) })
                ?? tag.indices.first(where: { Array(tag[$0...].prefix(4)) == Array("Info".utf8) })
        else { return tag }
        for (offset, value) in [(8, frames), (12, bytes)] {
            guard let value else { continue }
            changed.replaceSubrange(name + offset..<name + offset + 4, with: little(UInt32(value)).reversed())
        }
        return changed
    }

    /// An ID3v2 tag with as much content, which says it has `declared` bytes of it.
    static func id3(_ count: Int, declared: Int? = nil) -> [UInt8] {
        let size = declared ?? count
        let digits = [21, 14, 7, 0].map { UInt8(size >> $0 & 0x7F) }
        return Array("ID3".utf8) + [4, 0, 0] + digits + (0..<count).map { UInt8($0 % 100) }
    }

    static let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
}
