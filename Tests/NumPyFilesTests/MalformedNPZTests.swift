import CZlib
import Files
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

    /// An archive with one deflated entry, `a.npy`, of these bytes.
    private func deflated(_ content: [UInt8], in folder: TemporaryFolder) throws -> String {
        let (data, name) = (try deflate(content), Array("a.npy".utf8))
        let shared =
            littleEndianBytes(UInt16(20)) + [0, 0] + littleEndianBytes(UInt16(Zip.deflated)) + [0, 0, 0, 0]
            + littleEndianBytes(crc32(content)) + littleEndianBytes(UInt32(data.count))
            + littleEndianBytes(UInt32(content.count)) + littleEndianBytes(UInt16(name.count)) + [0, 0]
        let local = littleEndianBytes(Zip.localHeaderSignature) + shared + name + data
        let central =
            littleEndianBytes(Zip.centralHeaderSignature) + [20, 0] + shared + [UInt8](repeating: 0, count: 14) + name
        let end =
            littleEndianBytes(Zip.endSignature) + [0, 0, 0, 0, 1, 0, 1, 0] + littleEndianBytes(UInt32(central.count))
            + littleEndianBytes(UInt32(local.count)) + [0, 0]
        return try folder.write(local + central + end, to: "deflated.npz")
    }

    /// A raw deflate stream.
    private func deflate(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        try #require(deflateInit2_(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
        defer { deflateEnd(&stream) }
        var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count / 500 + 1024))
        let count = output.count
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                #expect(finish(&stream) == Z_STREAM_END)
            }
        }
        return Array(output.prefix(count - Int(stream.avail_out)))
    }

    private func finish(_ stream: inout z_stream) -> Int32 { CZlib.deflate(&stream, Z_FINISH) }

    @Test func zerosThatInflateBeyondProportionAreRefused() throws {
        let folder = try TemporaryFolder()
        for (megabytes, isRead) in [(60, true), (80, false)] {
            let count = megabytes << 18
            let header = NPYHeader(type: .init(.float, byteSize: 4), fortranOrder: false, shape: [count]).encoded
            let path = try deflated(header + [UInt8](repeating: 0, count: 4 * count), in: folder)
            let archive = try NPZArchive(contentsOf: path)
            #expect(try archive.shape(of: "a") == [count])
            do throws(NumPyError) {
                let array = try archive.array(named: "a")
                #expect(isRead && array.shape == [count])
            } catch {
                guard case .inflatesTooMuch(let size, _, _) = error.reason else { throw error }
                #expect(!isRead && size == header.count + 4 * count)
                #expect(error.description.contains("compressed bytes stand for \(size)"))
            }
        }
    }

    @Test func aHeaderOfMegabytesIsNotInflated() throws {
        let folder = try TemporaryFolder()
        let length = 1 << 20
        let content =
            NPYHeader.magic + [2, 0] + littleEndianBytes(UInt32(length)) + [UInt8](repeating: 0x20, count: length)
        let archive = try NPZArchive(contentsOf: deflated(content, in: folder))
        let error = #expect(throws: NumPyError.self) { try archive.array(named: "a") }
        #expect(error?.reason == .malformedHeader(offset: 0, expected: "at most 65536 bytes"))
    }

    @Test func shapesAreReadWithoutElements() throws {
        for kind in ["stored.npz", "deflated.npz", "streamed.npz"] {
            let archive = try NPZArchive(contentsOf: Fixtures.numPy(kind))
            for name in archive.names {
                #expect(try archive.shape(of: name) == archive.array(named: name).shape)
            }
            #expect(throws: NumPyError.self) { try archive.shape(of: "nothing") }
        }
    }
}
