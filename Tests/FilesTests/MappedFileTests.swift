import Files
import Foundation
import TestSupport
import Testing

@Suite("A file that is read or mapped")
struct MappedFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("gives the bytes in a range, by copying and by lending them")
    func ranges() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try folder.write(bytes, to: "file")
        let (map, file) = (try MappedFile(path: path), try RegularFile(path))
        #expect(map.size == bytes.count && file.byteCount == bytes.count)
        for range in [0..<bytes.count, 0..<1, 4095..<4097, 9_999..<10_000, 5..<5, 10_000..<10_000] {
            #expect(map.copy(range) == Array(bytes[range]))
            #expect(map.withBytes(in: range) { Array($0) } == Array(bytes[range]))
            #expect(try file.read(at: range.lowerBound, count: range.count) == Array(bytes[range]))
        }
        #expect(try file.read(at: 9_998, count: 10) == Array(bytes.suffix(2)))
        #expect(try file.read(at: 20_000, count: 10).isEmpty)
    }

    @Test("points to aligned elements while it is alive")
    func elements() throws {
        let path = try folder.write([Float](arrayLiteral: 1, 2, 3).flatMap(\.bytes), to: "floats")
        let map = try MappedFile(path: path)
        let floats = map.pointer(in: 4..<12, as: Float.self)
        #expect(floats[0] == 2 && floats[1] == 3)
        withExtendedLifetime(map) {}
    }

    @Test("has the same bytes after its pages were released", arguments: [100, 4096, 100_000])
    func released(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let map = try MappedFile(path: folder.write(bytes, to: "file"))
        map.prefetch()
        for range in [0..<count, 0..<count / 2, count / 3..<count, 7..<7] {
            map.releasePages(in: range)
            #expect(map.copy(0..<count) == bytes)
        }
    }

    @Test("may be empty")
    func empty() throws {
        let map = try MappedFile(path: folder.write([], to: "file"))
        #expect(map.size == 0 && map.copy(0..<0).isEmpty)
        map.prefetch()
        map.releasePages(in: 0..<0)
    }

    @Test("stays what it was when it is replaced")
    func replaced() throws {
        let path = try folder.write("older".utf8, to: "file")
        let (map, file) = (try MappedFile(path: path), try RegularFile(path))
        try folder.write("newer and longer".utf8, to: "file")
        #expect(map.copy(0..<map.size) == Array("older".utf8))
        #expect(try file.read(at: 0, count: 100) == Array("older".utf8))
    }

    @Test("says why it can't be opened, and never waits for a pipe's writer")
    func unopenable() throws {
        try #require(mkfifo(folder.file("pipe"), 0o600) == 0)
        let cases: [(path: String, error: OpeningError, text: String)] = [
            (folder.file("missing"), .failed(SystemError(ENOENT)), "No such file or directory"),
            ("", .failed(SystemError(ENOENT)), "No such file or directory"),
            (folder.file("zero\0byte"), .zeroByteInPath, "the path holds a zero byte"),
            (folder.path, .notRegular(kind: "a folder"), "it is a folder, not a file"),
            (folder.file("pipe"), .notRegular(kind: "a pipe"), "it is a pipe, not a file"),
            ("/dev/zero", .notRegular(kind: "a device or a socket"), "it is a device or a socket, not a file"),
        ]
        for (path, error, text) in cases {
            #expect(throws: error) { try MappedFile(path: path) }
            #expect(throws: error) { try RegularFile(path) }
            #expect(error.description == text)
        }
    }
}

extension Float {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}
