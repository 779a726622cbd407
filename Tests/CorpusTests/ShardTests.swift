import TestSupport
import Testing

@testable import Corpus

@Suite("Shards")
struct ShardTests {
    @Test("are read from index/count", arguments: [("1/1", 1, 1), ("3/4", 3, 4), ("007/10", 7, 10)])
    func text(text: String, index: Int, count: Int) {
        #expect(Shard(text) == Shard(index: index, count: count))
    }

    @Test(
        "are refused where there is no such share",
        arguments: [
            "", "/", "1", "0/4", "5/4", "1/0", "-1/4", "1/-4", "+1/4", "1/4/2", "a/b", "1/", "/4", " 1/4", "1 / 4",
            "1.0/4", "99999999999999999999/99999999999999999999",
        ])
    func malformed(text: String) {
        #expect(Shard(text) == nil)
    }

    @Test(
        "have each recording and each failure exactly once, in order, and are equally large",
        arguments: [0, 1, 2, 3, 7, 8, 31, 97], [1, 2, 3, 4, 7, 10, 100])
    func partition(recordings: Int, shards: Int) throws {
        let folder = try TemporaryFolder()
        let rows = (0..<recordings).map { $0 % 5 == 3 ? "r\($0).wav,oops" : "r\($0).wav,\($0)" }
        let table = try folder.write(text: (["file,start"] + rows).joined(separator: "\n"), to: "table.csv")
        let inputs = ["first.wav", table, "last.wav"]
        let whole = RecordingList(inputs: inputs).lines
        #expect(whole.count == max(recordings, 1) + 2)

        var found = [String?](repeating: nil, count: whole.count)
        var sizes: Set<Int> = []
        for index in 1...shards {
            var options = InputOptions()
            options.shard = Shard(index: index, count: shards)
            let lines = RecordingList(inputs: inputs, options: options).lines
            sizes.insert(lines.count)
            for (place, line) in lines.enumerated() {
                let position = index - 1 + place * shards
                try #require(position < found.count)
                #expect(found[position] == nil)
                found[position] = line
            }
        }
        #expect(found == whole)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
}
