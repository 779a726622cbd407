import Foundation

/// Says on standard error how far a run has come: on a terminal in a line that is written over and over, else in a line
/// now and then. Runs that are soon over say nothing.
struct ProgressReport {
    enum Style: Sendable, Hashable {
        case terminal
        case lines
        case quiet

        /// What suits standard error.
        init(isQuiet: Bool) {
            self = isQuiet ? .quiet : isatty(STDERR_FILENO) != 0 ? .terminal : .lines
        }

        /// Seconds from one report to the next.
        var interval: Double {
            switch self {
            case .terminal: 0.2
            case .lines: 30
            case .quiet: .infinity
            }
        }

        /// Seconds before the first report.
        var patience: Double { self == .terminal ? 1 : interval }
    }

    private(set) var text: ProgressText
    private let style: Style
    private let start: ContinuousClock.Instant
    private var lastReport: Double?
    private var isLineOpen = false

    init(_ style: Style, _ text: ProgressText) {
        self.style = style
        self.text = text
        start = .now
    }

    /// Takes in how far the run is now, and reports if it is time to.
    mutating func update(_ change: (inout ProgressText) -> Void) {
        change(&text)
        text.seconds = start.duration(to: .now) / .seconds(1)
        guard text.seconds >= lastReport.map({ $0 + style.interval }) ?? style.patience else { return }
        lastReport = text.seconds
        switch style {
        case .terminal:
            write("\r\(text.line.prefix(Self.terminalColumns - 1))\u{1B}[K")
            isLineOpen = true
        case .lines: Messages.notice(text.line)
        case .quiet: break
        }
    }

    /// Says something that is to stay.
    mutating func say(_ message: () -> Void) {
        clear()
        message()
    }

    /// The run is over. Where it was reported on, what it came to is said too.
    mutating func finish() {
        clear()
        text.seconds = start.duration(to: .now) / .seconds(1)
        if lastReport != nil { Messages.notice(text.summary) }
    }

    private mutating func clear() {
        if isLineOpen { write("\r\u{1B}[K") }
        isLineOpen = false
    }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    private static var terminalColumns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }
}
