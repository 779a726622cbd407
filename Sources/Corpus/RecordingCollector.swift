import AudioInput

/// Fills a list with a shard of the recordings that it is given.
struct RecordingCollector {
    private(set) var list = RecordingList()
    /// How many there were, of all shards.
    private(set) var count = 0
    private let shard: Shard?

    init(shard: Shard?) { self.shard = shard }

    mutating func add(_ name: String, _ segment: Segment? = nil, in folder: String) {
        if isNextTaken() { list.append(name, segment, in: folder) }
    }

    mutating func add(_ failure: InputFailure) {
        if isNextTaken() { list.append(failure) }
    }

    private mutating func isNextTaken() -> Bool {
        defer { count += 1 }
        return shard?.takes(count) ?? true
    }
}
