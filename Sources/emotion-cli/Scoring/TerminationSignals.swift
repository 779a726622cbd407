import Foundation
import Scoring
import Synchronization

/// SIGINT and SIGTERM as requests to stop: the first lets the work in progress finish, a second ends the process at once.
///
/// They are caught without a thread, as there may be no further one: the handler only notes the first signal, and the run
/// looks for it several times a second.
struct TerminationSignals {
    /// How a run that was stopped goes on.
    static let wayOn = "; run the same command with --resume to continue"

    /// `isResumable` is whether there is a run to go on with later.
    init(stopping request: StopRequest, isResumable: Bool = false) {
        Caught.isResumable.store(isResumable, ordering: .relaxed)
        Caught.first.store(0, ordering: .relaxed)
        var numbers = sigset_t()
        sigemptyset(&numbers)
        for number in [SIGINT, SIGTERM] {
            signal(number, Caught.handle)
            sigaddset(&numbers, number)
        }
        // Programs are started with signals blocked, too.
        pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
        request.watch {
            guard let number = Caught.number, !request.isRequested else { return }
            request.request()
            let name = Self.name(number)
            let again = isatty(STDERR_FILENO) != 0 ? "press Ctrl-C again" : "send \(name) again"
            Messages.notice("\(name): finishing the recordings in progress; \(again) to stop at once")
        }
    }

    /// The signal that came first; nil if none did.
    var received: Int32? { Caught.number }

    /// The exit status that a shell expects of a process that ended because of a signal.
    static func exitStatus(_ signal: Int32) -> Int32 { 128 + signal }

    static func name(_ signal: Int32) -> String { signal == SIGINT ? "SIGINT" : "SIGTERM" }
}

/// What the handler of the signals knows: a process has one, and it may allocate nothing and take no lock.
private enum Caught {
    /// 0 until a signal comes.
    static let first = Atomic<Int32>(0)
    static let isResumable = Atomic(false)

    static var number: Int32? {
        let number = first.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    static let handle: @convention(c) (Int32) -> Void = { number in
        guard first.exchange(number, ordering: .relaxed) != 0 else { return }
        let name: StaticString = number == SIGINT ? "SIGINT" : "SIGTERM"
        let end: StaticString =
            isResumable.load(ordering: .relaxed)
            ? " at once; run the same command with --resume to continue\n" : " at once\n"
        let parts: [3 of StaticString] = ["emotion-cli: notice: ended by ", name, end]
        for index in parts.indices { _ = write(STDERR_FILENO, parts[index].utf8Start, parts[index].utf8CodeUnitCount) }
        _exit(TerminationSignals.exitStatus(number))
    }
}
