import Foundation
import TestSupport
import Testing

@testable import NumPyFiles

@Suite struct NPZWriterTests {
    private static let arrays: [(String, NPYArray)] = [
        ("hidden_states", NPYArray(.float32((0..<1024).map { Float($0) / 3 }))),
        ("file", NPYArray(.string(["a.wav", "münchen.wav"]))),
        ("layers/größe", NPYArray(.int64([1, -2]))),
        ("none", NPYArray(.float64([]))),
    ]

    private func write(_ path: String, zip64Threshold: Int = Int(UInt32.max)) throws {
        let writer = try NPZWriter(path: path, zip64Threshold: zip64Threshold)
        for (name, array) in Self.arrays { try writer.add(array, named: name) }
        try writer.finish()
    }

    /// Threshold 0 takes every zip64 form that a file beyond 4 GB would; 1000 takes some of them.
    @Test(arguments: [Int(UInt32.max), 0, 1000, 4500])
    func whatIsWrittenIsReadBack(zip64Threshold: Int) throws {
        let folder = try TemporaryFolder()
        try write(folder.file("out.npz"), zip64Threshold: zip64Threshold)
        let archive = try NPZArchive(contentsOf: folder.file("out.npz"))
        #expect(archive.names == Self.arrays.map(\.0))
        for (name, array) in Self.arrays { #expect(try archive.array(named: name) == array) }
    }

    @Test func theSameArraysGiveTheSameBytes() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("1.npz"))
        try write(folder.file("2.npz"))
        #expect(try bytes(folder.file("1.npz")) == bytes(folder.file("2.npz")))
    }

    @Test(arguments: [Int(UInt32.max), 0])
    func everyArrayStartsAtARoundOffset(zip64Threshold: Int) throws {
        let folder = try TemporaryFolder()
        try write(folder.file("out.npz"), zip64Threshold: zip64Threshold)
        let file = try bytes(folder.file("out.npz"))
        let starts = (0..<file.count - 6).filter { file[$0..<$0 + 6].elementsEqual(NPYHeader.magic) }
        #expect(starts.count == Self.arrays.count)
        #expect(starts.allSatisfy { $0 % 64 == 0 })
    }

    @Test func aStreamGetsTheSameBytesAsAFile() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("file.npz"))
        let stream = try folder.write([], to: "stream.npz")
        let handle = try #require(FileHandle(forWritingAtPath: stream))
        let writer = NPZWriter(handle)
        for (name, array) in Self.arrays { try writer.add(array, named: name) }
        try writer.finish()
        try handle.close()
        #expect(try bytes(stream) == bytes(folder.file("file.npz")))
    }

    @Test func aRunThatStopsLeavesTheOldFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("old".utf8), to: "out.npz")
        do {
            let writer = try NPZWriter(path: path)
            try writer.add(NPYArray(.float32([1])), named: "a")
        }
        #expect(try bytes(path) == Array("old".utf8))
        #expect(try folder.contents() == ["out.npz"])
        try write(path)
        #expect(try NPZArchive(contentsOf: path).names.count == Self.arrays.count)
        #expect(try folder.contents() == ["out.npz"])
    }

    @Test func aLinkStaysALink() throws {
        let folder = try TemporaryFolder()
        let target = try folder.write([], to: "target.npz")
        let link = folder.file("link.npz")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
        try write(link)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        #expect(try NPZArchive(contentsOf: target).names.count == Self.arrays.count)
        let attributes = try FileManager.default.attributesOfItem(atPath: target)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
    }

    @Test func aFullDeviceIsAnError() throws {
        let writer = try NPZWriter(path: "/dev/full")
        #expect(throws: NumPyError(file: "/dev/full", entry: "a", reason: .cannotWrite(code: ENOSPC))) {
            try writer.add(NPYArray(.float32([1])), named: "a")
        }
        #expect(throws: NumPyError(file: "/dev/full", reason: .writerFinished)) { try writer.finish() }
    }

    @Test func misuseIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.npz")
        let writer = try NPZWriter(path: path)
        let array = NPYArray(.float32([1]))
        try writer.add(array, named: "a")
        #expect(throws: NumPyError(file: path, entry: "a", reason: .duplicateName)) {
            try writer.add(array, named: "a")
        }
        #expect(throws: NumPyError(file: path, entry: "", reason: .invalidName)) { try writer.add(array, named: "") }
        try writer.finish()
        #expect(throws: NumPyError(file: path, entry: "b", reason: .writerFinished)) {
            try writer.add(array, named: "b")
        }
        #expect(throws: NumPyError(file: path, reason: .writerFinished)) { try writer.finish() }
        #expect(try NPZArchive(contentsOf: path).names == ["a"])
    }
}
