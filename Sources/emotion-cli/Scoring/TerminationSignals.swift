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

    /// How a run that was stopped goes on.
    static let wayOn = "; run the same command with --resume to continue"

    /// `isResumable` is whether there is a run to go on with later.
    init(stopping request: StopRequest, isResumable: Bool = false) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
        }
        for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
            source.setEventHandler { [first] in
                let name = Self.name(number)
                if first.number.exchange(number, ordering: .relaxed) != 0 {
                    Messages.notice("ended by \(name) at once\(isResumable ? Self.wayOn : "")")
                    _exit(Self.exitStatus(number))
                }
                request.request()
                let again = isatty(STDERR_FILENO) != 0 ? "press Ctrl-C again" : "send \(name) again"
                Messages.notice("\(name): finishing the recordings in progress; \(again) to stop at once")
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
