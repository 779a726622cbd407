import Foundation
import Synchronization
import Testing

@testable import Scoring

@Suite struct OrderedPipelineTests {
    /// Each task weighs `weight`.
    private func pipeline(
        workers: Int, capacity: Int = 8, weightCapacity: Int = 1000, weight: Int = 1
    ) -> OrderedPipeline<Int, Int> {
        OrderedPipeline(
            workers: workers, capacity: capacity, weightCapacity: weightCapacity, weight: { _ in weight })
    }

    /// The tasks 0, 1 and so on up to `count`, then what `end` throws.
    private static func tasks(
        _ count: Int, then end: @escaping @Sendable () throws -> Void = {}
    ) -> @Sendable () -> (() throws -> Int?) {
        {
            var tasks = (0..<count).makeIterator()
            return {
                if let task = tasks.next() { return task }
                try end()
                return nil
            }
        }
    }

    @Test("results come in the tasks' order, whichever is ready first", arguments: [1, 2, 3, 7])
    func order(workers: Int) throws {
        var results: [Int] = []
        try pipeline(workers: workers).run(
            stop: StopRequest(),
            makeTasks: Self.tasks(200),
            makeWorker: {
                { task in
                    // Early tasks take the longest.
                    if task % 5 == 0 { Thread.sleep(forTimeInterval: 0.002) }
                    return task * 3
                }
            },
            consume: { results.append($0) })
        #expect(results == (0..<200).map { $0 * 3 })
    }

    @Test("no more tasks are in flight than there is room for")
    func capacity() throws {
        let offered = Mutex(0)
        let most = Mutex(0)
        let taken = Mutex(0)
        try pipeline(workers: 2, capacity: 5).run(
            stop: StopRequest(),
            makeTasks: {
                var tasks = (0..<100).makeIterator()
                var asked = 0
                return {
                    // The tasks before the one that is asked for were let in.
                    offered.withLock { $0 = asked }
                    let count = asked - taken.withLock { $0 }
                    most.withLock { $0 = max($0, count) }
                    asked += 1
                    return tasks.next()
                }
            },
            makeWorker: { { $0 } },
            consume: { _ in
                Thread.sleep(forTimeInterval: 0.0005)
                taken.withLock { $0 += 1 }
            })
        // One may be offered between the taking of a result and its being counted here.
        #expect(most.withLock { $0 } <= 6)
        #expect(offered.withLock { $0 } == 100)
    }

    @Test("heavy tasks are let in one at a time")
    func weight() throws {
        let inFlight = Mutex((now: 0, most: 0))
        try pipeline(workers: 3, weightCapacity: 10, weight: 50).run(
            stop: StopRequest(),
            makeTasks: Self.tasks(12),
            makeWorker: {
                { task in
                    inFlight.withLock {
                        $0.now += 1; $0.most = max($0.most, $0.now)
                    }
                    Thread.sleep(forTimeInterval: 0.001)
                    inFlight.withLock { $0.now -= 1 }
                    return task
                }
            },
            consume: { _ in })
        #expect(inFlight.withLock { $0.most } == 1)
    }

    @Test("a request to stop finishes what is being worked on, and nothing else")
    func stop() throws {
        let stop = StopRequest()
        let worked = Mutex<[Int]>([])
        var results: [Int] = []
        try pipeline(workers: 2).run(
            stop: stop, makeTasks: Self.tasks(.max),
            makeWorker: {
                { task in
                    worked.withLock { $0.append(task) }
                    Thread.sleep(forTimeInterval: 0.001)
                    return task
                }
            },
            consume: {
                results.append($0)
                if $0 == 20 { stop.request() }
            })
        #expect(results == Array(0..<results.count), "without a gap")
        #expect(results.count > 20)
        #expect(Set(worked.withLock { $0 }).isSuperset(of: results))
    }

    @Test("a request that came before stops a run at its beginning")
    func stoppedBefore() throws {
        let stop = StopRequest()
        stop.request()
        var count = 0
        try pipeline(workers: 2).run(
            stop: stop, makeTasks: Self.tasks(.max), makeWorker: { { $0 } }, consume: { _ in count += 1 })
        #expect(count == 0)
    }

    private struct Failure: Error, Equatable {}

    @Test("what the tasks end with is thrown after the last result")
    func producerFails() {
        var results: [Int] = []
        #expect(throws: Failure()) {
            try pipeline(workers: 2).run(
                stop: StopRequest(),
                makeTasks: Self.tasks(10) { throw Failure() }, makeWorker: { { $0 } }, consume: { results.append($0) })
        }
        #expect(results == Array(0..<10))
    }

    @Test("what the taker throws ends the run")
    func consumerFails() {
        var count = 0
        #expect(throws: Failure()) {
            try pipeline(workers: 2).run(
                stop: StopRequest(), makeTasks: Self.tasks(.max), makeWorker: { { $0 } },
                consume: { _ in
                    count += 1
                    if count == 7 { throw Failure() }
                })
        }
        #expect(count == 7)
    }

    @Test("a watch can stop a run, though no result comes")
    func watched() throws {
        let stop = StopRequest()
        let looks = Mutex(0)
        stop.watch {
            looks.withLock { $0 += 1 }
            if looks.withLock({ $0 }) == 3 { stop.request() }
        }
        let isOver = DispatchSemaphore(value: 0)
        try pipeline(workers: 2).run(
            stop: stop,
            makeTasks: {
                {
                    // Input that doesn't come.
                    isOver.wait()
                    return nil
                }
            },
            makeWorker: { { $0 } }, consume: { _ in })
        #expect(looks.withLock { $0 } >= 3)
        isOver.signal()
    }

    @Test("a worker is made once, and only where there is a task for it")
    func workers() throws {
        let made = Mutex(0)
        var results: [Int] = []
        try pipeline(workers: 50).run(
            stop: StopRequest(), makeTasks: Self.tasks(3),
            makeWorker: {
                made.withLock { $0 += 1 }
                return { $0 }
            },
            consume: { results.append($0) })
        #expect(results == [0, 1, 2])
        #expect((1...3).contains(made.withLock { $0 }))
        made.withLock { $0 = 0 }
        try pipeline(workers: 1).run(
            stop: StopRequest(), makeTasks: Self.tasks(100),
            makeWorker: {
                made.withLock { $0 += 1 }
                return { $0 }
            },
            consume: { _ in })
        #expect(made.withLock { $0 } == 1)
    }
}
