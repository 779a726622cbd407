import Foundation
import TestSupport

@testable import PackedModel

/// Contents as a caller might have them.
struct SampleContents: Codable, Equatable {
    var layers: Int
    var labels: [String]
    var note: String?
    var scales: [String: Double]

    static let sample = SampleContents(
        layers: 12, labels: ["arousal", "dominance", "café/\"\u{2028}"], note: nil, scales: ["b": 0.1, "a": -1e-30])
}

struct NoContents: Codable, Equatable {}

/// Blocks with floats of every kind, the same each time.
struct SampleBlocks {
    let sizes: [PackedBlock]
    let floats: [[Float]]

    init(counts: [Int]) {
        sizes = counts.enumerated().map {
            PackedBlock(name: "layer.\($0.offset)/weight", format: "float32", byteCount: 4 * $0.element)
        }
        floats = counts.enumerated().map { index, count in
            (0..<count).map { Float(bitPattern: UInt32(truncatingIfNeeded: ($0 &+ index &* 7919) &* 2_654_435_761)) }
        }
    }

    /// Gives each block to the writer in pieces of `piece` floats.
    func write(to path: String, contents: some Encodable = NoContents(), piece: Int = .max) throws {
        try PackedModelWriter.write(to: path, contents: contents, blocks: sizes) { index, write in
            var rest = floats[index][...]
            while !rest.isEmpty {
                try write(Array(rest.prefix(piece)).span.bytes)
                rest = rest.dropFirst(piece)
            }
        }
    }
}

/// The bytes of a file with a description of the test's own and sound checksums around it. `descriptionPadding` is what
/// fills the description's page.
func handMadeFile(json: String, blocks: [UInt8] = [], descriptionPadding: UInt8 = 0) throws -> [UInt8] {
    let json = Array(json.utf8)
    let unpadded = Preamble.byteCount + json.count
    let start = (unpadded + 4095) / 4096 * 4096
    let preamble = Preamble(
        descriptionLength: UInt32(json.count), fileLength: UInt64(start + blocks.count),
        descriptionChecksum: checksum(of: json))
    return preamble.encoded + json + [UInt8](repeating: descriptionPadding, count: start - unpadded) + blocks
}

func checksum(of elements: [some BitwiseCopyable]) -> UInt64 { Checksum.of(elements.span.bytes) }

/// The little-endian bytes of floats, and zeros to the end of the page.
func paged(_ floats: [Float]) -> [UInt8] {
    let bytes = floats.withUnsafeBytes { Array($0) }
    return bytes + [UInt8](repeating: 0, count: (4096 - bytes.count % 4096) % 4096)
}

func bitPatterns(_ block: MappedBlock) -> [UInt32] {
    block.withUnsafeBytes { $0.bindMemory(to: Float.self).map(\.bitPattern) }
}
