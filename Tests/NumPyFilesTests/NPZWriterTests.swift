import Files
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

    @Test(arguments: [0, 1, 3, 1000], [1, 7, 1 << 20])
    func anArrayInPiecesIsTheSameAsAWhole(count: Int, pieceSize: Int) throws {
        let folder = try TemporaryFolder()
        let floats = NPYArray(.float32((0..<count).map { Float($0) / 7 }))
        let doubles = NPYArray(.float64((0..<count).map { Double($0) / 7 }))
        let strings = NPYArray(.string((0..<count).map { String(repeating: "ü", count: $0 % 5) }))
        let layouts: [NPYLayout.Element] = [.float32, .float64, .string(width: min(max(1, count - 1), 4))]
        let (whole, pieces) = (try NPZWriter(path: folder.file("1.npz")), try NPZWriter(path: folder.file("2.npz")))
        for (index, (array, layout)) in zip([floats, doubles, strings], layouts).enumerated() {
            try whole.add(array, named: "\(index)")
            let (_, data) = try NPYFile.parts(of: array)
            try pieces.add(NPYLayout(shape: [count], layout), named: "\(index)") { append in
                for start in stride(from: 0, to: data.count, by: pieceSize) {
                    try append(Array(data[start..<min(start + pieceSize, data.count)]))
                }
            }
        }
        try whole.finish()
        try pieces.finish()
        #expect(try bytes(folder.file("1.npz")) == bytes(folder.file("2.npz")))
    }

    @Test func piecesThatDoNotFitAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.npz")
        let writer = try NPZWriter(path: path)
        let layout = NPYLayout(shape: [2, 3], .float32)
        #expect(throws: NumPyError(file: path, entry: "short", reason: .sizeMismatch(declared: 24, found: 20))) {
            try writer.add(layout, named: "short") { append in try append([UInt8](repeating: 0, count: 20)) }
        }
        let overflow = NPYLayout(shape: [1 << 40, 1 << 40], .float32)
        #expect(throws: NumPyError(file: path, entry: "large", reason: .invalidShape([1 << 40, 1 << 40]))) {
            try writer.add(overflow, named: "large") { _ in }
        }
        struct Own: Error {}
        #expect(throws: Own.self) { try writer.add(layout, named: "own") { _ in throw Own() } }
        // Nothing of them was written, and the archive is as good as before.
        try writer.add(NPYArray(.float32([1])), named: "a")
        // What says another thing the second time has spoilt it.
        var call: UInt8 = 0
        #expect(throws: NumPyError(file: path, entry: "fickle", reason: .changedPieces)) {
            try writer.add(layout, named: "fickle") { append in
                call += 1
                try append([UInt8](repeating: call, count: 24))
            }
        }
        #expect(throws: NumPyError(file: path, reason: .writerFinished)) { try writer.finish() }
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
        let writer = NPZWriter(OutputFile(descriptor: handle.fileDescriptor), name: stream)
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
