import Foundation

/// Hands tasks from one thread to several, and their results to another: tasks are numbered as they come in, handed out in
/// that order, and their results are taken in that order, whichever is ready first.
///
/// A task is in flight from when it is offered until its result is taken; their number and their weight together are
/// limited.
final class OrderedHandoff<Task: Sendable, Output: Sendable>: @unchecked Sendable {
    // Sendable, because every variable is only used while `condition` is locked.
    private let condition = NSCondition()
    private let capacity: Int
    private let weightCapacity: Int

    private var queue: [(number: Int, task: Task, weight: Int)] = []
    /// The weights of the tasks that are worked on, by their numbers.
    private var running: [Int: Int] = [:]
    private var results: [Int: (output: Output, weight: Int)] = [:]
    private var weightInFlight = 0
    /// The numbers of the next task to come in, and of the next result to be taken.
    private var nextTask = 0
    private var nextResult = 0
    private var isClosed = false
    private var isStopped = false
    private var failure: (any Error)?

    init(capacity: Int, weightCapacity: Int) {
        self.capacity = capacity
        self.weightCapacity = weightCapacity
    }

    /// Waits until there is room and hands a task in. A task that weighs more than all may together is let in alone.
    ///
    /// - Returns: false if no more tasks are wanted.
    func offer(_ task: Task, weight: Int) -> Bool {
        condition.withLock {
            while !isStopped, nextTask - nextResult >= capacity || isTooMuch(weight) { condition.wait() }
            if isStopped { return false }
            queue.append((nextTask, task, weight))
            weightInFlight += weight
            nextTask += 1
            condition.broadcast()
            return true
        }
    }

    /// No task comes after this; with the reason, unless that is the end of them.
    func close(_ failure: (any Error)? = nil) {
        condition.withLock {
            self.failure = failure
            isClosed = true
            condition.broadcast()
        }
    }

    /// Drops the tasks that no thread works on yet, and lets no other in.
    func stop() {
        condition.withLock {
            isStopped = true
            queue = []
            condition.broadcast()
        }
    }

    /// The next task; nil if there is to be none.
    func take() -> (number: Int, task: Task)? {
        condition.withLock {
            while queue.isEmpty, !isClosed, !isStopped { condition.wait() }
            guard !queue.isEmpty else { return nil }
            let next = queue.removeFirst()
            running[next.number] = next.weight
            return (next.number, next.task)
        }
    }

    /// Hands in the result of a task.
    func put(_ output: Output, of number: Int) {
        condition.withLock {
            results[number] = (output, running.removeValue(forKey: number) ?? 0)
            condition.broadcast()
        }
    }

    /// What there is to take.
    enum Taken {
        case result(Output)
        /// Nothing yet, though it was waited for as long as asked.
        case nothing
        /// The last result was taken.
        case end
    }

    /// The next result, as soon as it is there, but no later than in `seconds`.
    ///
    /// - Throws: what the tasks ended with, after the last result.
    func takeResult(within seconds: Double) throws -> Taken {
        let deadline = Date(timeIntervalSinceNow: seconds)
        return try condition.withLock {
            while true {
                if let (output, weight) = results.removeValue(forKey: nextResult) {
                    nextResult += 1
                    weightInFlight -= weight
                    condition.broadcast()
                    return .result(output)
                }
                if isStopped, running[nextResult] == nil { return .end }
                if isClosed, nextResult == nextTask {
                    if let failure { throw failure }
                    return .end
                }
                if !condition.wait(until: deadline) { return .nothing }
            }
        }
    }

    private func isTooMuch(_ weight: Int) -> Bool {
        nextTask > nextResult && weightInFlight + weight > weightCapacity
    }
}
