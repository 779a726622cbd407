import Foundation

/// Tasks from one thread, worked on by several, whose results arrive in the tasks' order.
///
/// Nothing in it grows with the number of tasks. The thread that makes the tasks runs ahead of those that work on them,
/// as far as the capacity allows.
struct OrderedPipeline<Task: Sendable, Output: Sendable> {
    /// How many threads work on tasks.
    let workers: Int
    /// How many tasks are in flight at most.
    let capacity: Int
    /// How much they weigh together at most; one that is heavier is let in alone.
    let weightCapacity: Int

    /// Runs until the tasks are at an end, or `stop` is requested: what is being worked on is then finished, and taken as
    /// far as there is no gap.
    ///
    /// `produce` makes the tasks, on a thread of its own; `offer` says false where no more are wanted. `makeWorker` is
    /// called once on each working thread. `consume` takes the results, on the caller's thread.
    ///
    /// - Throws: what `consume` throws, which ends the run, or what `produce` throws, after the last result.
    func run(
        stop: StopRequest,
        produce: @escaping @Sendable (_ offer: (Task, _ weight: Int) -> Bool) throws -> Void,
        makeWorker: @escaping @Sendable () -> (Task) -> Output,
        consume: (Output) throws -> Void
    ) throws {
        let exchange = Exchange<Task, Output>(capacity: capacity, weightCapacity: weightCapacity)
        stop.whenRequested { exchange.stop() }
        // However this ends, no thread goes on.
        defer { exchange.stop() }
        start {
            do {
                try produce { exchange.offer($0, weight: $1) }
                exchange.close()
            } catch {
                exchange.close(error)
            }
        }
        for _ in 0..<workers {
            start {
                let work = makeWorker()
                while let (number, task) = exchange.take() { exchange.put(work(task), of: number) }
            }
        }
        while let output = try exchange.takeResult() { try consume(output) }
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        // As the main thread has.
        thread.stackSize = 8 << 20
        thread.start()
    }
}
