import Foundation

/// Memory that several takers share: each says what it will need before it takes it, and waits for the others where all
/// together would need more than there is.
final class MemoryBudget: @unchecked Sendable {
    // Sendable, because every variable is only used while `condition` is locked.
    private let condition = NSCondition()
    /// How much is free now, in bytes; nil if that isn't known, and then there is always enough.
    private let measure: @Sendable () -> Int?
    private var reserved = 0
    /// What can be reserved altogether: what was free at the beginning. What is free later says less, as buffers that are
    /// kept for the next recording count as taken; and the same run is to take and refuse the same recordings.
    private let capacity: Int
    private var measuredAt: ContinuousClock.Instant?

    /// How long a measurement is good for what is small beside it.
    private static let shelfLife = Duration.milliseconds(250)

    init(measure: @escaping @Sendable () -> Int?) {
        self.measure = measure
        capacity = measure() ?? .max
    }

    /// More is needed than there is, with nobody else to wait for. In bytes.
    struct Shortage: Error, Hashable {
        let needed: Int
    }

    /// What one taker has reserved; given back with the last reference to it.
    final class Share: @unchecked Sendable {
        private let budget: MemoryBudget
        /// Only used while the budget's condition is locked.
        fileprivate var bytes = 0

        fileprivate init(_ budget: MemoryBudget) { self.budget = budget }

        /// Makes it a share of `bytes`, of which `used` are in use already. Waits for others where there is too little.
        ///
        /// Only one share may be waiting: two that waited for each other would do so for ever.
        func grow(to bytes: Int, used: Int = 0) throws(Shortage) {
            try budget.grow(self, to: bytes, used: used)
        }

        deinit { budget.giveBack(bytes) }
    }

    /// A share of nothing yet.
    func share() -> Share { Share(self) }

    private func grow(_ share: Share, to bytes: Int, used: Int) throws(Shortage) {
        condition.lock()
        defer { condition.unlock() }
        while !(try hasRoom(for: bytes, used: used, besides: reserved - share.bytes)) { condition.wait() }
        reserved += max(0, bytes - share.bytes)
        share.bytes = max(bytes, share.bytes)
    }

    /// - Throws: if there is no room though there are no others.
    private func hasRoom(for bytes: Int, used: Int, besides others: Int) throws(Shortage) -> Bool {
        guard bytes <= capacity else { throw Shortage(needed: bytes) }
        guard bytes <= capacity - others else { return false }
        let isFresh = measuredAt.map { $0.duration(to: .now) < Self.shelfLife } ?? false
        if isFresh, bytes <= capacity / 8 { return true }
        guard let free = measure() else { return true }
        measuredAt = .now
        // Other programs may have taken memory since the beginning; a quarter is left to the buffers that are kept.
        let (room, overflow) = free.addingReportingOverflow(used)
        if overflow || bytes - capacity / 4 <= room { return true }
        if others > 0 { return false }
        throw Shortage(needed: bytes)
    }

    private func giveBack(_ bytes: Int) {
        condition.withLock {
            reserved -= bytes
            condition.broadcast()
        }
    }
}
