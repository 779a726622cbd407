import Foundation
import TestSupport
import Testing

@testable import NumPyFiles

/// Damaged and hostile `.npz` files.
@Suite struct MalformedNPZTests {
    /// Reads every array of an archive with these bytes; the first error.
    private func reason(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> NumPyError.Reason? {
        let path = try folder.write(bytes, to: "archive.npz")
        do throws(NumPyError) {
            let archive = try NPZArchive(contentsOf: path)
            for name in archive.names { _ = try archive.array(named: name) }
            return nil
        } catch { return error.reason }
    }

    /// The offset of the only, or last, occurrence of a signature.
    private func offset(of signature: UInt32, in bytes: [UInt8]) throws -> Int {
        let pattern = littleEndianBytes(signature)
        return try #require((0...bytes.count - 4).last { bytes[$0..<$0 + 4].elementsEqual(pattern) })
    }

    /// A stored archive with one array, and a deflated one.
    private static let kinds = ["one.npz", "deflated.npz", "streamed.npz"]

    private func archive(_ kind: String, in folder: TemporaryFolder) throws -> [UInt8] {
        guard kind == "one.npz" else { return try bytes(Fixtures.numPy(kind)) }
        let writer = try NPZWriter(path: folder.file(kind))
        try writer.add(NPYArray(.float32([1, 2, 3])), named: "a")
        try writer.finish()
        return try bytes(folder.file(kind))
    }

    @Test(arguments: kinds)
    func everyTruncationIsRefused(kind: String) throws {
        let folder = try TemporaryFolder()
        let whole = try archive(kind, in: folder)
        for count in 0..<whole.count {
            #expect(try reason(Array(whole.prefix(count)), in: folder) != nil, "cut to \(count) bytes")
        }
        #expect(try reason(whole, in: folder) == nil)
    }

    /// Bytes missing from the front or the middle leave the directory pointing elsewhere.
    @Test(arguments: kinds)
    func everyGapIsRefused(kind: String) throws {
        let folder = try TemporaryFolder()
        let whole = try archive(kind, in: folder)
        for index in 0..<whole.count {
            #expect(try reason(Array(whole[..<index] + whole[(index + 1)...]), in: folder) != nil, "without \(index)")
        }
    }

    /// Any byte may be anything: an answer or an error, never a trap or a huge allocation.
    @Test(arguments: kinds)
    func everyByteMayBeChanged(kind: String) throws {
        let folder = try TemporaryFolder()
        let whole = try archive(kind, in: folder)
        var refused = 0
        for index in whole.indices {
            for flip in [0x01, 0x80, 0xFF] as [UInt8] {
                var damaged = whole
                damaged[index] ^= flip
                if try reason(damaged, in: folder) != nil { refused += 1 }
            }
        }
        // Times and attributes do not matter; names, sizes, offsets, data and checksums do.
        #expect(refused > whole.count)
    }

    @Test func everyChangeOfTheDataFailsItsChecksum() throws {
        let folder = try TemporaryFolder()
        var damaged = try archive("one.npz", in: folder)
        let data = try offset(of: Zip.centralHeaderSignature, in: damaged) - 4
        damaged[data] ^= 1
        guard case .checksumMismatch = try reason(damaged, in: folder) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func whatIsNoZipFileIsSaidToBeSo() throws {
        let folder = try TemporaryFolder()
        #expect(try reason([], in: folder) == .notZip)
        #expect(try reason([UInt8](repeating: 0x50, count: 100_000), in: folder) == .notZip)
        #expect(try reason(bytes(Fixtures.numPy("float32.npy")), in: folder) == .notZip)
    }

    @Test func encryptionAndOtherMethodsAreRefused() throws {
        let folder = try TemporaryFolder()
        let whole = try archive("one.npz", in: folder)
        let central = try offset(of: Zip.centralHeaderSignature, in: whole)
        var encrypted = whole
        encrypted[central + 8] |= 1
        #expect(try reason(encrypted, in: folder) == .encrypted)
        var method = whole
        method[central + 10] = 14
        method[8] = 14
        #expect(try reason(method, in: folder) == .unsupportedCompression(method: 14))
    }

    @Test func aThousandfoldSizeIsNotBelieved() throws {
        let folder = try TemporaryFolder()
        var damaged = try archive("deflated.npz", in: folder)
        let central = try offset(of: Zip.centralHeaderSignature, in: damaged)
        damaged.replaceSubrange(central + 24..<central + 28, with: littleEndianBytes(UInt32.max - 1))
        guard case .sizeMismatch(declared: 0xFFFF_FFFE, _) = try reason(damaged, in: folder) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func theDirectoryMustAgreeWithTheArraysHeader() throws {
        let folder = try TemporaryFolder()
        var damaged = try archive("deflated.npz", in: folder)
        let central = try offset(of: Zip.centralHeaderSignature, in: damaged)
        damaged.replaceSubrange(central + 24..<central + 28, with: littleEndianBytes(UInt32(24120)))
        #expect(
            try reason(damaged, in: folder)
                == .dataSizeMismatch(shape: [3000], type: "<i8", needed: 24000, found: 23992))
    }

    @Test func aNameTwiceIsRefused() throws {
        let folder = try TemporaryFolder()
        let writer = try NPZWriter(path: folder.file("two.npz"))
        try writer.add(NPYArray(.float32([1])), named: "a")
        try writer.add(NPYArray(.float32([2])), named: "b")
        try writer.finish()
        let twice = try bytes(folder.file("two.npz")).map { $0 == UInt8(ascii: "b") ? UInt8(ascii: "a") : $0 }
        #expect(try reason(twice, in: folder) == .duplicateName)
    }
}
