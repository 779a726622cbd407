import StandInModel
import TestSupport
import Testing

@Suite("The bytes of a stand-in")
struct BytesTests {
    // Figures and goldens made with a stand-in hold as long as these stay the same.
    static let fixtureHash = "34b9f5c62e1827152bdc6ac7c30f6febb09bd4995217ae7865d3409aebc142e1"
    static let publishedHash = "4b040587b86bab6d073662e0d166667ab4b920ba6a3eb3e816c3c1906a2dcd55"

    static func hash(_ standIn: StandIn) throws -> String {
        let hash = try SHA256()
        var byteCount = 0
        try standIn.writeModel { bytes in
            byteCount += bytes.byteCount
            try hash.write(bytes)
        }
        #expect(byteCount == standIn.modelFileSize)
        return try hash.finish()
    }

    @Test("are the same on every machine")
    func smallModel() throws {
        #expect(try Self.hash(StandIn(sizes: .fixture, seed: 1)) == Self.fixtureHash)
    }

    @Test("are the same on every machine at full size", .enabled(if: isOptimized, "too slow without optimisation"))
    func publishedSizes() throws {
        let standIn = try StandIn()
        #expect(standIn.modelFileSize == 661_423_193)
        #expect(standIn.parameterCount == 165_335_555)
        #expect(try Self.hash(standIn) == Self.publishedHash)
    }

    @Test("are as many as promised", arguments: [StandIn.Sizes.fixture, .awkward], [0, 1, UInt64.max])
    func fileSize(sizes: StandIn.Sizes, seed: UInt64) throws {
        let standIn = try StandIn(sizes: sizes, seed: seed)
        let bytes = standIn.modelBytes
        #expect(bytes.count == standIn.modelFileSize)
        #expect(bytes.contains(StandIn.notice.utf8), "the doc string")
    }

    @Test("differ from seed to seed")
    func seeds() throws {
        let hashes = try [0, 1, 1 << 32, UInt64.max].map { try Self.hash(StandIn(sizes: .fixture, seed: $0)) }
        #expect(Set(hashes).count == hashes.count)
    }

    private static var isOptimized: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }
}
