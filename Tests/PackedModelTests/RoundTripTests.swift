import Foundation
import TestSupport
import Testing

@testable import PackedModel

@Suite("What was written is what is read")
struct RoundTripTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "floats, bit for bit",
        arguments: [[], [1], [1, 1, 1], [1023, 1024, 1025], [7, 4096, 5003, 1], Array(1...300)], [1, 2, 7])
    func floats(counts: [Int], threads: Int) throws {
        let blocks = SampleBlocks(counts: counts)
        try blocks.write(to: folder.file("model"))
        let file = try PackedModelFile(path: folder.file("model"), verifyingOn: threads)
        #expect(file.blocks == blocks.sizes)
        for (size, floats) in zip(blocks.sizes, blocks.floats) {
            let mapped = try file.block(size.name)
            #expect(mapped.byteCount == size.byteCount)
            #expect(mapped.format == "float32")
            #expect(bitPatterns(mapped) == floats.map(\.bitPattern))
            #expect(UInt(bitPattern: mapped.base).isMultiple(of: 4096))
        }
    }

    @Test("contents of every form")
    func contents() throws {
        func roundTrip<Contents: Codable & Equatable>(_ contents: Contents) throws {
            try SampleBlocks(counts: [3]).write(to: folder.file("model"), contents: contents)
            let file = try PackedModelFile(path: folder.file("model"), verifyingOn: 1)
            #expect(try file.contents(as: Contents.self) == contents)
            #expect(try file.block("layer.0/weight").byteCount == 12)
        }
        try roundTrip(SampleContents.sample)
        try roundTrip(NoContents())
        try roundTrip([String]())
        try roundTrip("text alone")
        try roundTrip(Double?.none)
        try roundTrip([String: SampleContents](uniqueKeysWithValues: (0..<500).map { ("key \($0)", .sample) }))
    }

    @Test("a description that just fits its page, and one that just does not", arguments: 3_950..<4_070)
    func descriptionLengths(length: Int) throws {
        let text = String(repeating: "x", count: length)
        try SampleBlocks(counts: [2]).write(to: folder.file("model"), contents: text)
        let file = try PackedModelFile(path: folder.file("model"), verifyingOn: 1)
        #expect(try file.contents(as: String.self) == text)
    }

    @Test("equal input gives equal bytes, in whatever pieces it comes")
    func deterministic() throws {
        let blocks = SampleBlocks(counts: [5003, 1, 1024])
        func bytes(piece: Int) throws -> Data {
            try blocks.write(to: folder.file("model"), contents: SampleContents.sample, piece: piece)
            return try Data(contentsOf: URL(filePath: folder.file("model")))
        }
        let first = try bytes(piece: .max)
        for piece in [1, 63, 1024, .max] { #expect(try bytes(piece: piece) == first) }
    }

    @Test("the layout is the documented one")
    func layout() throws {
        let floats: [[Float]] = [[1, -2], [0.5]]
        try PackedModelWriter.write(
            to: folder.file("model"), contents: ["key": 1],
            blocks: [
                PackedBlock(name: "a", format: "float32", byteCount: 8),
                PackedBlock(name: "b", format: "q", byteCount: 4),
            ]
        ) { index, write in
            let block = floats[index]
            try write(block.span.bytes)
        }
        let json = """
            {"blocks":[{"bytes":8,"checksum":"\(Checksum.text(checksum(of: floats[0])))","format":"float32",\
            "name":"a","offset":0},{"bytes":4,"checksum":"\(Checksum.text(checksum(of: floats[1])))","format":"q",\
            "name":"b","offset":4096}],\
            "contents":{"key":1}}
            """
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: folder.file("model"))))
        #expect(bytes == (try handMadeFile(json: json, blocks: paged(floats[0]) + paged(floats[1]))))
        #expect(bytes.prefix(12) == [0x89, 0x45, 0x4D, 0x4F, 0x0D, 0x0A, 0x1A, 0x0A, 2, 0, 0, 0])
        #expect(bytes.count == 3 * 4096)
    }

    /// The checksum of nothing is as in xxHash's own tests.
    @Test("the checksum is XXH3, in pieces too")
    func isXXH3() {
        #expect(checksum(of: [UInt8]()) == 0x2D06_8005_38D3_94C2)
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var pieces = Checksum()
        for piece in [0..<1, 1..<300, 300..<301, 301..<5_000] { pieces.append(bytes.span.bytes.extracting(piece)) }
        let whole = pieces.value
        #expect(whole == checksum(of: bytes))
        #expect(Checksum.text(0xAB) == "00000000000000ab")
        #expect(Checksum.parse("00000000000000ab") == 0xAB)
        for text in ["ab", "00000000000000AB", "+0000000000000ab", "g000000000000000", ""] {
            #expect(Checksum.parse(text) == nil)
        }
    }

    @Test("what is not there is refused by name")
    func missing() throws {
        try SampleBlocks(counts: [3]).write(to: folder.file("model"), contents: ["layers": 12])
        let file = try PackedModelFile(path: folder.file("model"), verifyingOn: 1)
        let missing = PackedModelError.missingBlock(name: "a\nb")
        #expect(throws: missing) { try file.block("a\nb") }
        #expect(missing.description == "has no block 'a\\nb'; convert the model again")
        #expect(
            throws: PackedModelError.unexpectedDescription(
                reason: "contents.layers: Expected to decode String but found number instead.")
        ) { try file.contents(as: [String: String].self) }
    }
}
