import CIntrinsics
import Foundation
import Machine
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

    /// Written by the caller alone, before it raises the flags that the threads wait for, and read only after that.
    /// The compiler checks nothing of what the job captures: tasks must not write what another one reads or writes
    /// (the contract of ``ThreadTeam/forEach(_:body:)``).
    private nonisolated(unsafe) var job: Job?
    private let nextTask = Atomic(0)
    private let atWork = Atomic(0)
    private let seats: [Seat]
    /// Where the caller waits for the last thread.
    private let done = WakeFlag()

    /// What one thread has for itself.
    private final class Seat: Sendable {
        /// Where it waits for the next round.
        let call = WakeFlag()
        let isDismissed = Atomic(false)
    }

    /// Helpers that are let go where not all can be started: a program needs threads for more than computing.
    private static let spared = 2

    /// Room for as many threads; ``start()`` starts them.
    init(wanted: Int) { seats = (0..<wanted).map { _ in Seat() } }

    /// Starts the threads, once.
    ///
    /// - Returns: how many there are, and why not all, if so
    func start() -> (count: Int, refusal: ThreadError?) {
        for (index, seat) in seats.enumerated() {
            do throws(ThreadError) {
                try startThread(named: "emotion-\(index + 1)") { [self] in serve(worker: index + 1, seat) }
            } catch {
                let kept = max(0, index - Self.spared)
                dismiss(seats[kept..<index])
                return (kept, error)
            }
        }
        return (seats.count, nil)
    }

    /// Lets the threads end; there may be no work under way.
    func dismiss() { dismiss(seats[...]) }

    private func dismiss(_ seats: ArraySlice<Seat>) {
        for seat in seats {
            seat.isDismissed.store(true, ordering: .releasing)
            seat.call.raise()
        }
    }

    /// Runs the tasks on the first `most` of the threads and the caller's; one caller at a time.
    func run(_ tasks: Int, most: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            let helpers = min(most, tasks - 1)
            let job = Job(tasks: tasks, body: body)
            self.job = job
            nextTask.store(0, ordering: .relaxed)
            atWork.store(helpers, ordering: .relaxed)
            for seat in seats.prefix(helpers) { seat.call.raise() }
            take(from: job, worker: 0)
            done.wait()
            self.job = nil
        }
    }

    private func serve(worker: Int, _ seat: Seat) {
        while true {
            seat.call.wait()
            if seat.isDismissed.load(ordering: .acquiring) { return }
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
