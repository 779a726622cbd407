#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    @testable import PackedModel

    @Suite("A packed model's pages")
    struct ResidencyTests {
        /// The pages of a file that this process has in memory, in bytes.
        private func resident(_ path: String) throws -> Int {
            // Read to the end: the size that the system gives for this file is 0.
            let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
            let smaps = try #require(try file.readToEnd())
            let maps = try #require(String(bytes: smaps, encoding: .utf8))
            var (isFile, kilobytes) = (false, 0)
            for line in maps.split(separator: "\n") {
                let words = line.split(separator: " ", omittingEmptySubsequences: true)
                if words.first?.contains("-") == true { isFile = line.hasSuffix(path) }
                if isFile, words.first == "Rss:", let size = Int(words[1]) { kilobytes += size }
            }
            return kilobytes * 1024
        }

        @Test("are in memory only while they are used", arguments: [1, 3])
        func pages(threads: Int) throws {
            let folder = try TemporaryFolder()
            let counts = [1_000_000, 3_000_001, 500]
            let blocks = SampleBlocks(counts: counts)
            try blocks.write(to: folder.file("model"))
            let file = try PackedModelFile(path: folder.file("model"), verifyingOn: threads)
            let path = folder.file("model")
            // The system maps some pages around those that are read.
            let slack = 1 << 18
            #expect(try resident(path) <= slack, "checking the blocks lets them go")

            let floats = try blocks.sizes.map { try file.block($0.name) }
            for (floats, expected) in zip(floats, blocks.floats) {
                #expect(bitPatterns(floats) == expected.map(\.bitPattern))
            }
            #expect(try resident(path) >= 4 * counts.reduce(0, +))
            floats[1].releasePages()
            #expect(try resident(path) <= 4 * counts[0] + slack)
            #expect(bitPatterns(floats[1]) == blocks.floats[1].map(\.bitPattern), "they come back as they were")
            floats.forEach { $0.releasePages() }
            #expect(try resident(path) <= slack)
        }
    }
#endif
