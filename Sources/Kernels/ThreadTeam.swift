import Dispatch

/// The threads that share the work of one call: the one place that decides how many run.
public struct ThreadTeam: Sendable, Hashable {
    public let count: Int

    /// A team of `count` threads, the caller's included; at least one.
    public init(count: Int) {
        precondition(count > 0, "a team needs a thread")
        self.count = count
    }

    /// Runs `body` once for each task, on at most `count` threads, and returns when all are done.
    ///
    /// `worker`, below `count`, tells which thread runs the task: no two tasks run at once with the same one.
    /// Tasks are dealt out in a fixed order, so the same tasks run on the same worker each time. What a task writes, no
    /// other task may read or write.
    public func forEach(_ tasks: Int, body: (_ task: Int, _ worker: Int) -> Void) {
        let workers = min(count, tasks)
        guard workers > 1 else {
            for task in 0..<max(0, tasks) { body(task, 0) }
            return
        }
        // Shared by the threads only until this call returns, and the tasks keep out of each other's way (above).
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for task in stride(from: worker, to: tasks, by: workers) { body(task, worker) }
        }
    }

    /// Splits `count` items into one contiguous range a worker, in multiples of `granule` but for the last, and runs
    /// `body` on each range that isn't empty.
    public func split(_ items: Int, granule: Int = 1, body: (_ range: Range<Int>, _ worker: Int) -> Void) {
        let granules = (items + granule - 1) / granule
        let workers = max(1, min(count, granules))
        forEach(workers) { part, worker in
            let lower = granules * part / workers * granule
            let upper = min(items, granules * (part + 1) / workers * granule)
            if lower < upper { body(lower..<upper, worker) }
        }
    }
}
