import Foundation
import Synchronization
import Testing

@testable import Scoring

@Suite("Memory budget")
struct MemoryBudgetTests {
    /// What is free, as the test says.
    private final class Free: Sendable {
        let bytes: Mutex<Int?>

        init(_ bytes: Int?) { self.bytes = Mutex(bytes) }

        var budget: MemoryBudget { MemoryBudget { [self] in bytes.withLock { $0 } } }
    }

    @Test("gives what there is, and says what is missing")
    func single() throws {
        let share = Free(1000).budget.share()
        try share.grow(to: 400)
        try share.grow(to: 1000)
        #expect(throws: MemoryBudget.Shortage(needed: 1001)) { try share.grow(to: 1001) }
        #expect(throws: MemoryBudget.Shortage(needed: 1001)) { try share.grow(to: 1001, used: 100) }
    }

    @Test("has enough where nothing is known")
    func unknown() throws {
        let share = Free(nil).budget.share()
        try share.grow(to: .max)
        try share.grow(to: .max, used: .max)
    }

    @Test("has no room for what is larger than all numbers")
    func overflow() {
        let share = Free(1000).budget.share()
        #expect(throws: MemoryBudget.Shortage(needed: .max)) { try share.grow(to: .max) }
    }

    @Test("lets those wait that don't fit beside others", arguments: [500, 900])
    func waiting(bytes: Int) throws {
        let budget = Free(1000).budget
        var first: MemoryBudget.Share? = budget.share()
        try first?.grow(to: 600)
        let isThrough = Mutex(false)
        let done = DispatchSemaphore(value: 0)
        Thread {
            let second = budget.share()
            try? second.grow(to: bytes)
            isThrough.withLock { $0 = true }
            done.signal()
        }.start()
        Thread.sleep(forTimeInterval: 0.05)
        #expect(!isThrough.withLock { $0 })
        first = nil
        done.wait()
        #expect(isThrough.withLock { $0 })
    }

    @Test("lets all in at once that fit together")
    func together() throws {
        let budget = Free(1000).budget
        let shares = (0..<4).map { _ in budget.share() }
        for share in shares { try share.grow(to: 250) }
    }

    @Test("refuses what is no longer free, but for buffers that are kept")
    func measuredAgain() throws {
        let free = Free(1000)
        let budget = free.budget
        try budget.share().grow(to: 900)
        free.bytes.withLock { $0 = 700 }
        try budget.share().grow(to: 900)
        free.bytes.withLock { $0 = 500 }
        #expect(throws: MemoryBudget.Shortage(needed: 900)) { try budget.share().grow(to: 900) }
        // What is in use already isn't free any more, and isn't needed again either.
        try budget.share().grow(to: 900, used: 150)
        free.bytes.withLock { $0 = 2000 }
        try budget.share().grow(to: 900)
        #expect(throws: MemoryBudget.Shortage(needed: 1500)) { try budget.share().grow(to: 1500) }
    }

    @Test("holds for many at once")
    func many() {
        let limit = 100
        let budget = Free(limit).budget
        let inUse = Mutex((now: 0, most: 0))
        let group = DispatchGroup()
        // One asks at a time, as the reader of a run does; the shares go back from several threads.
        for number in 0..<300 {
            let bytes = 1 + number * 37 % limit
            let share = budget.share()
            do { try share.grow(to: bytes) } catch { Issue.record(error) }
            inUse.withLock {
                $0.now += bytes
                $0.most = max($0.most, $0.now)
            }
            group.enter()
            Thread {
                withExtendedLifetime(share) {
                    usleep(UInt32(number % 7 * 50))
                    inUse.withLock { $0.now -= bytes }
                }
                group.leave()
            }.start()
        }
        group.wait()
        #expect(inUse.withLock { $0.most } <= limit)
    }
}
