import Synchronization
import Testing

@testable import Kernels

@Suite("Thread team")
struct ThreadTeamTests {
    @Test("runs each task once, each worker one at a time", arguments: [1, 2, 3, 8], [0, 1, 2, 7, 100])
    func tasks(threads: Int, tasks: Int) {
        let runs = Mutex([Int](repeating: 0, count: tasks))
        let busy = Mutex(Set<Int>())
        ThreadTeam(count: threads).forEach(tasks) { task, worker in
            #expect(worker < threads)
            #expect(busy.withLock { $0.insert(worker).inserted })
            runs.withLock { $0[task] += 1 }
            _ = busy.withLock { $0.remove(worker) }
        }
        #expect(runs.withLock { $0 } == [Int](repeating: 1, count: tasks))
    }

    @Test("splits items without gaps, in granules", arguments: [1, 2, 3], [0, 1, 47, 48, 49, 1000])
    func split(threads: Int, items: Int) {
        for granule in [1, 48] {
            let ranges = Mutex<[Range<Int>]>([])
            ThreadTeam(count: threads).split(items, granule: granule) { range, _ in
                ranges.withLock { $0.append(range) }
            }
            let sorted = ranges.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
            #expect(sorted.flatMap { Array($0) } == Array(0..<items))
            #expect(sorted.dropFirst().allSatisfy { $0.lowerBound.isMultiple(of: granule) })
            #expect(sorted.count <= threads)
        }
    }
}
