import Foundation
import Kernels
import Synchronization
import Testing

@Suite("Thread team")
struct ThreadTeamTests {
    @Test(
        "runs each task once, each worker one at a time", arguments: [1, 2, 3, 8, 33], [0, 1, 2, 7, 100])
    func tasks(threads: Int, tasks: Int) {
        let team = ThreadTeam(count: threads)
        #expect(team.count == threads)
        for _ in 0..<20 {
            let watch = Watch(threads: threads, tasks: tasks)
            team.forEach(tasks) { task, worker in watch.run(task, worker) {} }
            #expect(watch.isFaultless && watch.allRanOnce)
        }
    }

    @Test("splits items without gaps", arguments: [1, 2, 3, 8], [0, 1, 2, 47, 1000])
    func split(threads: Int, items: Int) {
        let ranges = Mutex<[Range<Int>]>([])
        ThreadTeam(count: threads).split(items) { range, worker in
            ranges.withLock { $0.append(range) }
        }
        let sorted = ranges.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
        #expect(sorted.flatMap { Array($0) } == Array(0..<items))
        #expect(sorted.count == min(threads, items))
        let sizes = sorted.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }

    @Test("is through with a round when it returns, a hundred thousand times", arguments: [2, 3])
    func manyRounds(threads: Int) {
        let team = ThreadTeam(count: threads)
        // Plain memory: what a task wrote is seen, and nobody writes any more.
        let sums = UnsafeMutablePointer<Int>.allocate(capacity: threads)
        sums.initialize(repeating: 0, count: threads)
        defer { sums.deallocate() }
        nonisolated(unsafe) let slots = sums
        var early = 0
        for round in 1...100_000 {
            team.forEach(threads) { task, _ in slots[task] += 1 }
            for slot in 0..<threads where slots[slot] != round { early += 1 }
        }
        #expect(early == 0)
    }

    @Test("goes to sleep between rounds, and wakes up", arguments: [2, 4])
    func sleeping(threads: Int) {
        let team = ThreadTeam(count: threads)
        for round in 0..<100 {
            let watch = Watch(threads: threads, tasks: 2 * threads)
            team.forEach(2 * threads) { task, worker in watch.run(task, worker) {} }
            #expect(watch.isFaultless && watch.allRanOnce)
            // From hardly asleep to fast asleep.
            usleep(UInt32(10 + 50 * round))
        }
    }

    @Test("waits for tasks that take longer than it watches for", arguments: [2, 3, 5])
    func longTasks(threads: Int) {
        let team = ThreadTeam(count: threads)
        for round in 0..<100 {
            let watch = Watch(threads: threads, tasks: threads + 1)
            team.forEach(threads + 1) { task, worker in
                watch.run(task, worker) { usleep(UInt32(1 + (task * 37 + round * 11) % 300)) }
            }
            #expect(watch.isFaultless && watch.allRanOnce)
        }
    }

    @Test("is shared by many callers, without ever more threads at work than it has", arguments: [1, 2, 3])
    func sharing(threads: Int) async {
        let (callers, rounds, tasks) = (8, 400, 5)
        let team = ThreadTeam(count: threads)
        let atWork = Atomic(0)
        let most = Atomic(0)
        let wrong = Atomic(0)
        await onThreads(callers) { caller in
            for round in 0..<rounds {
                let watch = Watch(threads: threads, tasks: tasks)
                team.forEach(tasks) { task, worker in
                    most.max(atWork.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
                    watch.run(task, worker) { if (caller + round) % 50 == 0 { usleep(200) } }
                    atWork.subtract(1, ordering: .relaxed)
                }
                if !watch.isFaultless || !watch.allRanOnce { wrong.add(1, ordering: .relaxed) }
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
        if threads == 1 {
            // A team of one is each caller's own thread.
            #expect(most.load(ordering: .relaxed) <= callers)
        } else {
            #expect(most.load(ordering: .relaxed) <= threads)
        }
    }

    @Test("can be many at once")
    func manyTeams() async {
        let wrong = Atomic(0)
        await onThreads(6) { _ in
            let team = ThreadTeam(count: 3)
            for _ in 0..<500 {
                let watch = Watch(threads: 3, tasks: 7)
                team.forEach(7) { task, worker in watch.run(task, worker) {} }
                if !watch.isFaultless || !watch.allRanOnce { wrong.add(1, ordering: .relaxed) }
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }

    @Test("lets its threads end when it is dropped, used or not")
    func dropped() async {
        await #expect(processExitsWith: .success) {
            func threads() -> Int {
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
            }
            let before = threads()
            let runs = Atomic(0)
            for round in 0..<300 {
                let team = ThreadTeam(count: 4)
                if round % 3 > 0 { team.forEach(round % 7) { _, _ in runs.add(1, ordering: .relaxed) } }
            }
            guard runs.load(ordering: .relaxed) == (0..<300).filter({ $0 % 3 > 0 }).reduce(0, { $0 + $1 % 7 }) else {
                exit(2)
            }
            // Ending takes the threads a moment.
            for _ in 0..<1000 {
                if threads() <= before + 2 { exit(0) }
                usleep(10_000)
            }
            exit(3)
        }
    }

    @Test("of nobody is stopped")
    func bounds() async {
        await #expect(processExitsWith: .failure) { _ = ThreadTeam(count: 0) }
    }

    /// Runs `body` on so many threads of their own at once.
    private func onThreads(_ count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) async {
        await withCheckedContinuation { continuation in
            let left = Countdown(count)
            for index in 0..<count {
                Thread {
                    body(index)
                    if left.countDown() { continuation.resume() }
                }.start()
            }
        }
    }
}

private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    /// Whether this was the last.
    func countDown() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}

/// Looks on while a team runs its tasks.
private final class Watch: Sendable {
    private struct State {
        var runs: [Int]
        var busy: Set<Int> = []
        var isFaultless = true
    }

    private let threads: Int
    private let state: Mutex<State>

    init(threads: Int, tasks: Int) {
        self.threads = threads
        state = Mutex(State(runs: [Int](repeating: 0, count: tasks)))
    }

    func run(_ task: Int, _ worker: Int, _ body: () -> Void) {
        state.withLock { state in
            if !state.busy.insert(worker).inserted || !(0..<threads).contains(worker) { state.isFaultless = false }
            if state.runs.indices.contains(task) { state.runs[task] += 1 } else { state.isFaultless = false }
        }
        body()
        state.withLock { state in
            if state.busy.remove(worker) == nil { state.isFaultless = false }
        }
    }

    /// Whether no two tasks ran at once as the same worker, and all workers were the team's.
    var isFaultless: Bool { state.withLock { $0.isFaultless && $0.busy.isEmpty } }
    var allRanOnce: Bool { state.withLock { $0.runs.allSatisfy { $0 == 1 } } }
}
