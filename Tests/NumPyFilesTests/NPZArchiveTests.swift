import Foundation
import TestSupport
import Testing

@testable import NumPyFiles

@Suite struct NPZArchiveTests {
    @Test func readsWhatSavezWrote() throws {
        let archive = try NPZArchive(contentsOf: Fixtures.numPy("stored.npz"))
        #expect(archive.names == ["a", "group/b", "zero"])
        let matrix = try archive.array(named: "a")
        #expect(matrix.shape == [2, 3])
        #expect(matrix.float32 == [0, 1, 2, 3, 4, 5])
        #expect(try archive.array(named: "group/b").strings == ["x", "yz"])
        #expect(try archive.array(named: "zero").float64 == [])
        #expect(archive.contains("a") && !archive.contains("a.npy"))
    }

    @Test func readsWhatSavezCompressedWrote() throws {
        let archive = try NPZArchive(contentsOf: Fixtures.numPy("deflated.npz"))
        #expect(try archive.array(named: "a").float32 == [0, 1, 2, 3, 4, 5])
        #expect(try archive.array(named: "ramp").elements == .int64((0..<3000).map { $0 / 100 }))
    }

    /// Sizes behind the data, zip64 fields, and an entry that is no array.
    @Test func readsWhatWasStreamed() throws {
        let archive = try NPZArchive(contentsOf: Fixtures.numPy("streamed.npz"))
        #expect(archive.names == ["a"])
        #expect(try archive.array(named: "a").float32 == [0, 1, 2, 3, 4, 5])
    }

    @Test func anEmptyArchiveHasNoNames() throws {
        let path = Fixtures.numPy("empty.npz")
        let archive = try NPZArchive(contentsOf: path)
        #expect(archive.names.isEmpty)
        #expect(throws: NumPyError(file: path, entry: "a", reason: .noSuchArray(available: []))) {
            try archive.array(named: "a")
        }
    }

    @Test func anUnknownNameIsAnsweredWithThoseThereAre() throws {
        let path = Fixtures.numPy("deflated.npz")
        let archive = try NPZArchive(contentsOf: path)
        let error = #expect(throws: NumPyError.self) { try archive.array(named: "b") }
        #expect(error?.description == "\(path): array 'b': no such array; the archive has: a, ramp")
    }

    @Test func manyThreadsMayRead() async throws {
        let archive = try NPZArchive(contentsOf: Fixtures.numPy("deflated.npz"))
        let sums = try await withThrowingTaskGroup(of: Double.self) { group in
            for _ in 0..<32 {
                group.addTask { try archive.array(named: "ramp").doubles?.reduce(0, +) ?? .nan }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums == [Double](repeating: 43500, count: 32))
    }
}
