import Files
import TestSupport
import Testing

@testable import Checkpoints

/// The zip archives of torch.save, damaged.
@Suite struct ArchiveTests {
    private static let pickle = PickleBuilder.pickle(
        PickleBuilder.dictionary([("w", PickleBuilder.tensor(count: 2, shape: [2], strides: [1]))]))
    private static let whole = ZipBuilder.torch(pickle, storages: [[Float(1), 2].littleEndianBytes])

    private func reason(_ bytes: [UInt8]) throws -> CheckpointError.Reason? {
        try refusal(bytes, "pytorch_model.bin")?.reason
    }

    /// Why the archive is refused if its last entry is changed.
    private func reason(_ change: (inout ZipBuilder.Entry) -> Void) throws -> CheckpointError.Reason? {
        var archive = Self.whole
        change(&archive.entries[1])
        return try reason(archive.bytes)
    }

    @Test func wholeOnesAreRead() throws {
        #expect(try reason(Self.whole.bytes) == nil)
        #expect(try reason { $0.isZip64 = true } == nil)
        #expect(
            try reason {
                $0.flags = Zip.descriptorFlag
                $0.localSize = 0
            } == nil)
    }

    @Test func foldersMayBeEntries() throws {
        var archive = Self.whole
        archive.entries.append(.init(name: "archive/data/", data: []))
        #expect(try reason(archive.bytes) == nil)
    }

    @Test func everyTruncationIsRefused() throws {
        let folder = try TemporaryFolder()
        let bytes = Self.whole.bytes
        for count in 0..<bytes.count {
            let path = try folder.write(bytes.prefix(count), to: "pytorch_model.bin")
            #expect(refusal(at: path) != nil, "cut to \(count) bytes")
        }
    }

    @Test func entriesAreStored() throws {
        #expect(try reason { $0.method = UInt16(Zip.deflated) } == .torch(.compressed(method: 8)))
        #expect(try reason { $0.method = 99 } == .torch(.compressed(method: 99)))
        #expect(try reason { $0.flags = Zip.encryptedFlag } == .torch(.encrypted))
        let message = "\(TorchProblem.compressed(method: 8))"
        #expect(message.contains("compressed (deflated)"))
    }

    @Test func sizesAgree() throws {
        // A thousandfold size in the directory, or everywhere.
        #expect(try reason { $0.size = 8000 } == .torch(.sizes(compressed: 8, size: 8000)))
        guard case .archive(.malformed) = try reason({ ($0.size, $0.compressedSize) = (0xFFFF_FF00, 0xFFFF_FF00) })
        else {
            Issue.record("4 GB were taken")
            return
        }
        #expect(try reason { $0.localSize = 4 } == .torch(.otherLocalHeader))
        // Zeros need the flag that says that the sizes follow.
        #expect(try reason { $0.localSize = 0 } == .torch(.otherLocalHeader))
    }

    @Test func namesAreTheirOwn() throws {
        for name in [
            "archive/../secret", "/etc/passwd", "archive//data/0", "..", "archive\\data", "archive/./x", "a\0b",
        ] {
            #expect(try reason { $0.name = name } == .torch(.entryName), "\(name)")
        }
        guard case .archive(.malformed) = try reason({ $0.localName = "archive/data/1" }) else {
            Issue.record("another name was taken")
            return
        }
        var twice = Self.whole
        twice.entries.append(twice.entries[1])
        #expect(try reason(twice.bytes) == .torch(.duplicateEntry))
    }

    @Test func entriesDoNotOverlap() throws {
        var archive = Self.whole
        // The first entry's data reach over the second's local header.
        let reach = UInt32(Self.pickle.count + 20)
        (archive.entries[0].size, archive.entries[0].compressedSize) = (reach, reach)
        #expect(try reason(archive.bytes) == .torch(.overlap(with: "archive/data.pkl")))
        #expect(try reason { $0.offset = 0 } == .archive(.malformed("the entry at 0 is another one")))
        guard case .archive = try reason({ $0.offset = 0xFFFF_FFF0 }) else {
            Issue.record("an entry beyond the file was taken")
            return
        }
    }

    @Test func entriesAreNotTooMany() throws {
        // The end record of a zip64 archive of no bytes, which says that there are many.
        let many: UInt64 = 1 << 40
        let record =
            littleEndian(Zip.zip64EndSignature) + littleEndian(UInt64(44)) + [45, 0, 45, 0]
            + [UInt8](repeating: 0, count: 8) + littleEndian(many) + littleEndian(many) + littleEndian(UInt64(0))
            + littleEndian(UInt64(4))
        let locator =
            littleEndian(Zip.zip64LocatorSignature) + littleEndian(UInt32(0)) + littleEndian(UInt64(4))
            + littleEndian(UInt32(1))
        let end =
            littleEndian(Zip.endSignature) + [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 8)
            + [0, 0]
        #expect(
            try reason([0x50, 0x4B, 3, 4] + record + locator + end) == .archive(.tooManyEntries(limit: 1 << 17)))
    }

    @Test func otherArchivesAreRefused() throws {
        #expect(try reason([0x50, 0x4B, 3, 4]) == .archive(.notZip))
        #expect(try reason(ZipBuilder(entries: [.init(name: "a.npy", data: [1])]).bytes) == .torch(.pickles(0)))
    }
}
