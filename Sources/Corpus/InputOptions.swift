import AudioInput

/// How inputs become recordings.
package struct InputOptions: Sendable, Hashable {
    /// Whether folders are searched recursively.
    package var isRecursive = false
    /// What is taken from folders: files whose name matches one of these patterns, as a shell matches names. If there are
    /// none, files with an audio extension.
    package var globs: [String] = []
    /// Where relative files and folders are looked for, whether they are inputs or named by a table or list.
    package var root: String?
    /// The share of the recordings to take; nil for all.
    package var shard: Shard?
    /// The column of tables that names the recordings; nil for the one whose name means that.
    package var fileColumn: String?
    /// How recordings are read.
    package var decoding = AudioDecoding()
    /// Inputs whose names are not UTF-8 text, with those of their bytes replaced that are none.
    package var unreadableNames: Set<String> = []

    package init() {}
}

/// One of several equal shares of a list of recordings: every `count`th of them.
///
/// Each recording, and each failure, is in exactly one of the shards 1 to `count`.
package struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1.
    package let index: Int
    package let count: Int

    /// - Precondition: `index` is in 1...`count`.
    package init(index: Int, count: Int) {
        precondition(count >= 1 && (1...count).contains(index), "shards are counted from 1 to \(count)")
        self.index = index
        self.count = count
    }

    /// From `index/count`, such as `1/4`; nil if that is not a shard.
    package init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.utf8.allSatisfy(ASCII.digits.contains) ? Int(part) : nil
        }
        guard numbers.count == 2, let index = numbers[0], let count = numbers[1], index >= 1, index <= count else {
            return nil
        }
        self.init(index: index, count: count)
    }

    /// Whether the recording at this place of the whole list, counted from 0, is in the shard.
    func takes(_ position: Int) -> Bool { position % count == index - 1 }

    package var description: String { "\(index)/\(count)" }
}
