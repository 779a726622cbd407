import Foundation
import Synchronization
import Testing

@testable import Scoring

@Suite struct OrderedPipelineTests {
    private func pipeline(workers: Int, capacity: Int = 8, weight: Int = 1000) -> OrderedPipeline<Int, Int> {
        OrderedPipeline(workers: workers, capacity: capacity, weightCapacity: weight)
    }

    @Test("results come in the tasks' order, whichever is ready first", arguments: [1, 2, 3, 7])
    func order(workers: Int) throws {
        var results: [Int] = []
        try pipeline(workers: workers).run(
            stop: StopRequest(),
            produce: { offer in for task in 0..<200 where !offer(task, 1) { return } },
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
            produce: { offer in
                for task in 0..<100 {
                    guard offer(task, 1) else { return }
                    let count =
                        offered.withLock {
                            $0 += 1; return $0
                        } - taken.withLock { $0 }
                    most.withLock { $0 = max($0, count) }
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
        try pipeline(workers: 3, weight: 10).run(
            stop: StopRequest(),
            produce: { offer in for task in 0..<12 where !offer(task, 50) { return } },
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
            stop: stop,
            produce: { offer in
                var task = 0
                while offer(task, 1) { task += 1 }
            },
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
            stop: stop, produce: { offer in while offer(0, 1) {} }, makeWorker: { { $0 } }, consume: { _ in count += 1 }
        )
        #expect(count == 0)
    }

    private struct Failure: Error, Equatable {}

    @Test("what the tasks end with is thrown after the last result")
    func producerFails() {
        var results: [Int] = []
        #expect(throws: Failure()) {
            try pipeline(workers: 2).run(
                stop: StopRequest(),
                produce: { offer in
                    for task in 0..<10 where !offer(task, 1) { return }
                    throw Failure()
                },
                makeWorker: { { $0 } }, consume: { results.append($0) })
        }
        #expect(results == Array(0..<10))
    }

    @Test("what the taker throws ends the run")
    func consumerFails() {
        var count = 0
        #expect(throws: Failure()) {
            try pipeline(workers: 2).run(
                stop: StopRequest(), produce: { offer in while offer(0, 1) {} }, makeWorker: { { $0 } },
                consume: { _ in
                    count += 1
                    if count == 7 { throw Failure() }
                })
        }
        #expect(count == 7)
    }
}
