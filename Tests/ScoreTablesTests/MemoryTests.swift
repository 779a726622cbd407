import Corpus
import Foundation
import NumPyFiles
import ScoreTables
import TestSupport
import Testing

@Suite("Memory")
struct MemoryTests {
    /// 64 MB of values.
    static let (rowCount, width) = (16_384, 1024)
    /// Of what the run needs beyond what the process began with: buffers of 1 MB, and what malloc keeps.
    static let allowedGrowth = 24 << 20

    @Test(
        "does not grow with the rows of an archive",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
    func archive() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.npz")
        await #expect(processExitsWith: .success) { [path = path as String] in
            let labels = (0..<MemoryTests.width).map { "hidden_states-\($0)" }
            let columns = [OutputColumns(name: "hidden_states", labels: labels, isLabelled: false)]
            let table = try ScoreTable(path: path, format: .npz, columns: columns)
            var values = [Float](repeating: 0.25, count: MemoryTests.width)
            let before = try MemoryTests.peak()
            for index in 0..<MemoryTests.rowCount {
                values[index % MemoryTests.width] = Float(index)
                try table.append(
                    Row(file: "\(index).wav", start: 0, end: 1, values: [values]),
                    then: RunPosition(recording: index + 1, rows: index + 1))
            }
            try table.finish()
            let growth = try MemoryTests.peak() - before
            #expect(growth < MemoryTests.allowedGrowth, "\(growth >> 20) MB")
        }
        let array = try NPZArchive(contentsOf: path).array(named: "hidden_states")
        #expect(array.shape == [Self.rowCount, Self.width])
        #expect(array.float32?.last == Float(Self.rowCount - 1))
    }

    /// The largest memory of the process so far, in bytes.
    static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        let kilobytes = try #require(line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) })
        return kilobytes << 10
    }
}
