/// One of several equal shares of a list of recordings: every `count`th of them.
///
/// Each recording, and each failure, is in exactly one of the shards 1 to `count`.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1.
    public let index: Int
    public let count: Int

    /// - Precondition: `index` is in 1...`count`.
    public init(index: Int, count: Int) {
        precondition(count >= 1 && (1...count).contains(index), "shards are counted from 1 to \(count)")
        self.index = index
        self.count = count
    }

    /// From `index/count`, such as `1/4`; nil where that is no shard.
    public init?(_ text: String) {
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

    public var description: String { "\(index)/\(count)" }
}
