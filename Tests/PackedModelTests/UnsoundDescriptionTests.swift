import Foundation
import TestSupport
import Testing

@testable import PackedModel

/// Files whose checksums are right, made by someone else or in ill will.
@Suite("A description that cannot be true is refused")
struct UnsoundDescriptionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(opening bytes: [UInt8]) throws -> PackedModelError? {
        try folder.write(bytes, to: "model")
        return #expect(throws: PackedModelError.self) {
            try PackedModelFile(path: folder.file("model"), verifyingOn: 2)
        }
    }

    private static let floats: [Float] = [1, 2, 3]
    private static var checksum: String { Checksum.text(PackedModelTests.checksum(of: floats)) }

    private static func row(
        _ name: String, offset: String, bytes: String = "12", checksum: String = Self.checksum
    ) -> String {
        #"{"name":"\#(name)","offset":\#(offset),"bytes":\#(bytes),"format":"float32","checksum":"\#(checksum)"}"#
    }

    /// Two pages of blocks, each with the same three floats.
    private func error(rows: String...) throws -> PackedModelError? {
        let json = #"{"contents":null,"blocks":[\#(rows.joined(separator: ","))]}"#
        return try error(opening: handMadeFile(json: json, blocks: paged(Self.floats) + paged(Self.floats)))
    }

    @Test("a sound one made by hand passes")
    func sound() throws {
        let json = "{ \"blocks\": [\(Self.row("a", offset: "0"))], \"more\": 1, \"contents\": {} }"
        try folder.write(try handMadeFile(json: json, blocks: paged(Self.floats)), to: "model")
        let file = try PackedModelFile(path: folder.file("model"), verifyingOn: 2)
        #expect(bitPatterns(try file.block("a")) == Self.floats.map(\.bitPattern))
    }

    @Test("blocks in places that they cannot have")
    func places() throws {
        let row = Self.row
        func outside(_ offset: Int, _ byteCount: Int) -> PackedModelError {
            .blockOutOfBounds(name: "b", offset: offset, byteCount: byteCount, bytes: 8192)
        }
        let first = row("a", "0", "12", Self.checksum)
        func second(_ offset: String, _ bytes: String = "12") throws -> PackedModelError? {
            try error(rows: first, row("b", offset, bytes, Self.checksum))
        }
        #expect(try second("0") == .overlappingBlock(name: "b", offset: 0, end: 4096))
        #expect(try second("2048") == .misalignedBlock(name: "b", offset: 2048))
        #expect(try second("4095") == .misalignedBlock(name: "b", offset: 4095))
        #expect(try second("8192") == outside(8192, 12))
        #expect(try second("-4096") == outside(-4096, 12))
        #expect(try second("9223372036854775807") == outside(.max, 12))
        #expect(try second("9223372036854771712") == outside(.max - 4095, 12))
        #expect(try second("4096", "4100") == outside(4096, 4100))
        #expect(
            try error(rows: row("a", "4096", "12", Self.checksum), row("b", "0", "12", Self.checksum))
                == .gap(bytes: 4096, before: "a"))
        #expect(try error(rows: first) == .gap(bytes: 4096, before: nil))
        #expect(try error(rows: row("a", "0", "4100", Self.checksum)) == .damagedBlock(name: "a"))
        #expect(try error() == .gap(bytes: 8192, before: nil))
    }

    @Test("sizes that cannot be")
    func sizes() throws {
        for count in [0, -1, .min, .max, .max - 4094, .max - 4095, 1 << 62, 1 << 61] {
            let error = try error(rows: Self.row("a", offset: "0", bytes: "\(count)"))
            if count > 0, PackedModelFormat.wholePages(count) != nil {
                #expect(error == .blockOutOfBounds(name: "a", offset: 0, byteCount: count, bytes: 8192))
            } else {
                #expect(error == .impossibleSize(name: "a", byteCount: count))
            }
        }
    }

    @Test("a name that is there twice, and a checksum that is none")
    func names() throws {
        let first = Self.row("a", offset: "0")
        #expect(try error(rows: first, Self.row("a", offset: "4096")) == .duplicateBlock(name: "a"))
        for text in ["", "0", "zzzzzzzzzzzzzzzz", String(repeating: "0", count: 17)] {
            #expect(
                try error(rows: first, Self.row("b", offset: "4096", checksum: text))
                    == .unreadableChecksum(name: "b", text: text))
        }
    }

    @Test("zeros after a block or the description that are none")
    func padding() throws {
        let rows = #"{"contents":0,"blocks":[\#(Self.row("a", offset: "0"))]}"#
        for place in [12, 4095] {
            var block = paged(Self.floats)
            block[place] = 1
            #expect(try error(opening: handMadeFile(json: rows, blocks: block)) == .damagedBlock(name: "a"))
        }
        let padded = try handMadeFile(json: rows, blocks: paged(Self.floats), descriptionPadding: 32)
        #expect(try error(opening: padded) == .damagedDescription)
    }

    @Test(
        "text that is not the JSON it should be",
        arguments: [
            "", "{", "[]", "null", "\u{0}", "{}", #"{"blocks":[]}"#, #"{"contents":{}}"#,
            #"{"contents":{},"blocks":{}}"#, #"{"contents":{},"blocks":[{}]}"#, #"{"contents":{},"blocks":[null]}"#,
            #"{"contents":{},"blocks":[{"name":"a","offset":0.5,"bytes":1,"format":"float32","checksum":""}]}"#,
            #"{"contents":{},"blocks":[{"name":"a","offset":1e400,"bytes":1,"format":"float32","checksum":""}]}"#,
            #"{"contents":{},"blocks":[{"name":"a","offset":9223372036854775808,"bytes":1,"format":"float32","checksum":""}]}"#,
            #"{"contents":{},"blocks":[{"name":1,"offset":0,"bytes":1,"format":"float32","checksum":""}]}"#,
            #"{"contents":"# + String(repeating: "[", count: 100_000),
        ])
    func json(text: String) throws {
        let error = try error(opening: handMadeFile(json: text))
        guard case .unexpectedDescription(let reason) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(!reason.isEmpty)
        let line = try #require(error?.description)
        #expect(!line.contains("\n") && line.unicodeScalars.count < 300)
    }

    @Test("a description that reaches past the file or the limit")
    func descriptionLength() throws {
        var bytes = try handMadeFile(json: #"{"contents":{},"blocks":[]}"#)
        for length in [UInt32(4057), 4_000_000, 1 << 26 + 1, .max] {
            let preamble = Preamble(
                descriptionLength: length, fileLength: UInt64(bytes.count), descriptionChecksum: 0)
            bytes.replaceSubrange(0..<Preamble.byteCount, with: preamble.encoded)
            #expect(try error(opening: bytes) == .impossibleDescription(bytes: Int(length)))
        }
    }
}
