import CIntrinsics
import Foundation
import Synchronization

/// The threads of a team besides the caller's.
///
/// Between two pieces of work of one call lie microseconds, less than it takes to wake a thread; so a thread that waits
/// looks for work for a moment before it sleeps.
final class HelperThreads: Sendable {
    private struct Job {
        let tasks: Int
        let body: (_ task: Int, _ worker: Int) -> Void
    }

    private let size: Int
    /// Written by the caller alone, before it raises the flags that the threads wait for, and read only after that.
    /// The compiler checks nothing of what the job captures: tasks must not write what another one reads or writes
    /// (the contract of ``ThreadTeam/forEach(_:body:)``).
    private nonisolated(unsafe) var job: Job?
    private let nextTask = Atomic(0)
    private let atWork = Atomic(0)
    private let isDismissed = Atomic(false)
    /// Where each thread waits for the next round.
    private let calls: [WakeFlag]
    /// Where the caller waits for the last thread.
    private let done = WakeFlag()

    init(size: Int) {
        self.size = size
        calls = (0..<size).map { _ in WakeFlag() }
        for index in 0..<size {
            let thread = Thread { [self] in serve(worker: index + 1, calls[index]) }
            thread.name = "emotion-\(index + 1)"
            thread.start()
        }
    }

    /// Lets the threads end; there may be no work under way.
    func dismiss() {
        isDismissed.store(true, ordering: .releasing)
        for call in calls { call.raise() }
    }

    /// Runs the tasks on all threads and the caller's; one caller at a time.
    func run(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            let helpers = min(size, tasks - 1)
            let job = Job(tasks: tasks, body: body)
            self.job = job
            nextTask.store(0, ordering: .relaxed)
            atWork.store(helpers, ordering: .relaxed)
            for call in calls.prefix(helpers) { call.raise() }
            take(from: job, worker: 0)
            done.wait()
            self.job = nil
        }
    }

    private func serve(worker: Int, _ call: WakeFlag) {
        while true {
            call.wait()
            if isDismissed.load(ordering: .acquiring) { return }
            if let job { take(from: job, worker: worker) }
            if atWork.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { done.raise() }
        }
    }

    private func take(from job: Job, worker: Int) {
        while true {
            let task = nextTask.add(1, ordering: .relaxed).oldValue
            guard task < job.tasks else { return }
            job.body(task, worker)
        }
    }
}

/// What one thread waits for and another raises: once each, in turn.
private final class WakeFlag: Sendable {
    private let isRaised = Atomic(false)
    private let isAsleep = Atomic(false)
    private let semaphore = DispatchSemaphore(value: 0)

    /// How often to look before sleeping: some tens of microseconds.
    private static let spins = 4000

    func raise() {
        isRaised.store(true, ordering: .sequentiallyConsistent)
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { semaphore.signal() }
    }

    /// Waits until it is raised, and lowers it.
    func wait() {
        for _ in 0..<Self.spins {
            if isRaised.load(ordering: .relaxed) { break }
            spin_pause()
        }
        // In a loop: the thread that raised it last time may only now find this one asleep, and wake it for nothing.
        while !isRaised.load(ordering: .sequentiallyConsistent) {
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            // Raised meanwhile, by one who did not see that this sleeps: then nobody will wake it.
            let wakesItself =
                isRaised.load(ordering: .sequentiallyConsistent)
                && isAsleep.exchange(false, ordering: .sequentiallyConsistent)
            if !wakesItself { semaphore.wait() }
        }
        isRaised.store(false, ordering: .sequentiallyConsistent)
    }
}
