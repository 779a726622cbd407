import Foundation
import Scoring
import Synchronization

/// SIGINT and SIGTERM as requests to stop: the first lets the work in progress finish, a second ends the process at once.
final class TerminationSignals {
    private final class First: Sendable {
        /// 0 until a signal comes.
        let number = Atomic<Int32>(0)
    }

    private let first = First()
    private let sources: [any DispatchSourceSignal]

    init(stopping request: StopRequest) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
        }
        for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
            source.setEventHandler { [first] in
                if first.number.exchange(number, ordering: .relaxed) != 0 { _exit(Self.exitStatus(number)) }
                request.request()
                // Somebody at a keyboard may not want to wait.
                if isatty(STDERR_FILENO) != 0 {
                    Messages.notice("finishing the recordings in progress; press Ctrl-C again to stop now")
                }
            }
            source.resume()
        }
    }

    /// The signal that came first; nil if none did.
    var received: Int32? {
        let number = first.number.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// The exit status that a shell expects of a process that ended because of a signal.
    static func exitStatus(_ signal: Int32) -> Int32 { 128 + signal }

    static func name(_ signal: Int32) -> String { signal == SIGINT ? "SIGINT" : "SIGTERM" }
}
