import Files
import Foundation
import TestSupport
import Testing

@Suite("A file that one at a time holds")
struct LockedFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func exists(_ path: String) throws -> Bool { try LockedFile.open(path: path) != nil }

    @Test("is refused to others until it is let go of")
    func held() throws {
        let path = folder.file("file")
        #expect(try !exists(path))
        do {
            let file = try #require(try LockedFile.open(path: path, isNew: true))
            for isNew in [true, false] {
                let error = #expect(throws: FileError.self) { try LockedFile.open(path: path, isNew: isNew) }
                #expect(error?.isInUse == true)
            }
            let bytes = Array("text".utf8)
            try file.write(bytes.span.bytes, at: 2)
            #expect(try file.read() == [0, 0] + bytes)
        }
        let again = try #require(try LockedFile.open(path: path))
        #expect(try again.read().count == 6)
    }

    @Test("is emptied if a new one is wanted")
    func new() throws {
        try folder.write("older".utf8, to: "file")
        let file = try #require(try LockedFile.open(path: folder.file("file"), isNew: true))
        #expect(try file.read().isEmpty)
    }

    @Test("stays held where it moves to, and its old name is free")
    func moved() throws {
        try folder.write("older".utf8, to: "to")
        let file = try #require(try LockedFile.open(path: folder.file("from"), isNew: true))
        try file.move(to: folder.file("to"))
        #expect(try folder.contents() == ["to"])
        #expect(try file.read().isEmpty)
        let error = #expect(throws: FileError.self) { try LockedFile.open(path: folder.file("to")) }
        #expect(error?.isInUse == true)
        let other = try LockedFile.open(path: folder.file("from"), isNew: true)
        #expect(other != nil)
        try file.remove()
        try file.remove()
        #expect(try folder.contents() == ["from"])
        #expect(try !exists(folder.file("to")))
    }
}
