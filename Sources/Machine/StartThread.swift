import Files
import Foundation

/// The system starts no further thread.
package struct ThreadError: Error, Sendable, Hashable, CustomStringConvertible {
    package let cause: SystemError

    package init(_ cause: SystemError) { self.cause = cause }

    package var description: String {
        "a thread can't be started: \(cause); threads take processes (ulimit -u, pids.max) and memory (ulimit -v)"
    }
}

/// Starts a thread that runs `body` and ends with it.
///
/// Unlike Foundation's `Thread`, it says so where there can be no thread. A stack of `stackSize` bytes counts against
/// limits of the address space from the start, and takes memory as it is used.
///
/// - Throws: ``ThreadError``, and `body` is never run.
package func startThread(
    named name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void
) throws(ThreadError) {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { throw ThreadError(SystemError(ENOMEM)) }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, max(stackSize, 1 << 17))

    let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
    var code = create(&attributes, start)
    // Threads that have just ended may be counted for a moment longer.
    for attempt in 0..<5 where code == EAGAIN {
        usleep(1000 << attempt)
        code = create(&attributes, start)
    }
    guard code == 0 else {
        start.release()
        throw ThreadError(SystemError(code))
    }
}

/// What a new thread begins with.
private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

/// - Returns: an `errno`, or 0; then the thread releases `start`.
private func create(_ attributes: inout pthread_attr_t, _ start: Unmanaged<ThreadStart>) -> Int32 {
    #if os(Linux)
        var thread = pthread_t()
    #else
        var thread: pthread_t?
    #endif
    return pthread_create(
        &thread, &attributes,
        { argument in
            #if os(Linux)
                guard let argument else { return nil }
            #endif
            let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
            Thread.current.name = start.name
            start.body()
            return nil
        }, start.toOpaque())
}

/// Fewer threads than were asked for.
package struct ThreadShortage: Sendable, Hashable, CustomStringConvertible {
    package let wanted: Int
    /// How many there are, the caller's included.
    package let started: Int
    package let error: ThreadError

    package init(wanted: Int, started: Int, error: ThreadError) {
        self.wanted = wanted
        self.started = started
        self.error = error
    }

    package var description: String { "only \(started) of \(wanted) threads can be started: \(error.cause)" }
}
