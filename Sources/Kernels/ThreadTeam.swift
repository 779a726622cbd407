import Machine
import Synchronization

/// The threads that share the work of a call: the one place that decides how many run.
///
/// The threads are started once and sleep while there is nothing to do. Calls may share a team from any number of
/// threads: their pieces of work are then done one after the other, each by the whole team, so that there are never
/// more threads at work than the team has.
public final class ThreadTeam: Sendable {
    /// Threads, the caller's included.
    package let count: Int
    /// Why there are fewer than were asked for; nil if there are not.
    package let shortage: ThreadShortage?

    private let turn = Mutex(())
    /// nil for a team of one.
    private let helpers: HelperThreads?

    /// A team of `count` threads, the caller's included; at least one. It has fewer, and maybe the caller's alone, where
    /// the system doesn't start as many.
    package init(count: Int) {
        precondition(count > 0, "a team needs a thread")
        let helpers = count > 1 ? HelperThreads(wanted: count - 1) : nil
        let (started, refusal) = helpers?.start() ?? (0, nil)
        self.count = started + 1
        self.helpers = started > 0 ? helpers : nil
        shortage = refusal.map { ThreadShortage(wanted: count, started: started + 1, error: $0) }
    }

    deinit { helpers?.dismiss() }

    /// Runs `body` once for each task, on at most `count` threads, and returns when all are done.
    ///
    /// `worker`, below `count`, says which thread runs the task: no two tasks run at once with the same one. Which
    /// thread takes which task is left to chance. What a task writes, no other task may read or write, and a task may not
    /// give its own team work.
    package func forEach(_ tasks: Int, body: (_ task: Int, _ worker: Int) -> Void) {
        guard let helpers, tasks > 1 else {
            for task in 0..<max(0, tasks) { body(task, 0) }
            return
        }
        turn.withLock { _ in helpers.run(tasks, most: count - 1, body) }
    }

    /// Splits `count` items into one contiguous range a worker, and runs `body` on each range that isn't empty.
    package func split(_ items: Int, body: (_ range: Range<Int>, _ worker: Int) -> Void) {
        let parts = min(count, items)
        forEach(parts) { part, worker in body(items * part / parts..<items * (part + 1) / parts, worker) }
    }
}
