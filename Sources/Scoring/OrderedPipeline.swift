import Machine
import Synchronization

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
    let weight: @Sendable (Task) -> Int

    /// Runs until the tasks are at an end, or `stop` is requested: the tasks being worked on are then finished, and their
    /// results taken as far as there is no gap.
    ///
    /// `makeTasks` is called once, on a thread of its own, for an iterator that is used there; no task is asked for
    /// before the one before it was let in. `makeWorker` is called once on each working thread. `consume` takes the
    /// results, on the caller's thread; `whileWaiting` is called there several times a second while there is none.
    ///
    /// Where the system doesn't start as many threads as there are to be workers, there are fewer; `stop` is looked at
    /// several times a second.
    ///
    /// - Throws: what `consume` or `whileWaiting` throws, which ends the run, or what the iterator throws, after the last
    ///   result; `ThreadError` if not even one worker can be started.
    func run(
        stop: StopRequest,
        makeTasks: @escaping @Sendable () throws -> (() throws -> Task?),
        makeWorker: @escaping @Sendable () -> (Task) -> Output,
        consume: (Output) throws -> Void,
        whileWaiting: () throws -> Void = {}
    ) throws {
        let handoff = OrderedHandoff<Task, Output>(capacity: capacity, weightCapacity: weightCapacity)
        stop.whenRequested { handoff.stop() }
        // However this ends, no thread continues.
        defer { handoff.stop() }
        // As large a stack as the main thread has.
        try startThread(named: "emotion-read", stackSize: 8 << 20) { [weight] in
            do {
                let nextTask = try makeTasks()
                while let task = try nextTask(), handoff.offer(task, weight: weight(task)) {}
                handoff.close()
            } catch {
                handoff.close(error)
            }
        }
        for index in 0..<workers {
            do throws(ThreadError) {
                try startThread(named: "emotion-score", stackSize: 2 << 20) {
                    // Workers that find no task need nothing.
                    var worker: ((Task) -> Output)?
                    while let (number, task) = handoff.take() {
                        let work = worker ?? makeWorker()
                        worker = work
                        handoff.put(work(task), of: number)
                    }
                }
            } catch {
                if index == 0 { throw error }
                break
            }
        }
        let interval = 0.2
        while true {
            stop.look()
            switch try handoff.takeResult(within: interval) {
            case .result(let output): try consume(output)
            case .nothing: try whileWaiting()
            case .end: return
            }
        }
    }
}

/// A wish to end a run early, from any thread.
package final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var actions: [@Sendable () -> Void] = []
        var watch: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Ends the runs that know this request, as soon as the work in progress is done.
    package func request() {
        let actions = state.withLock { state in
            state.isRequested = true
            return state.actions
        }
        for action in actions { action() }
    }

    /// Has runs that know this request call `watch` several times a second, on their callers' threads. What can make
    /// the request only when asked makes it there.
    package func watch(_ watch: @escaping @Sendable () -> Void) { state.withLock { $0.watch = watch } }

    /// Calls the watch.
    func look() {
        let watch = state.withLock { $0.watch }
        watch()
    }

    /// Calls `action` upon the request; at once if it was made before.
    func whenRequested(_ action: @escaping @Sendable () -> Void) {
        let isRequested = state.withLock { state in
            state.actions.append(action)
            return state.isRequested
        }
        if isRequested { action() }
    }
}
