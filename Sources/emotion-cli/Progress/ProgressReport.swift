import Files
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

    /// The run is over. If it was reported on, or the end is needed for another reason, what it came to is said too.
    mutating func finish(isNeeded: Bool = false) {
        clear()
        text.seconds = start.duration(to: .now) / .seconds(1)
        if lastReport != nil || isNeeded, text.done > 0 { Messages.notice(text.summary) }
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

/// How far a run has come, in words.
struct ProgressText: Sendable {
    /// Recordings in all, and those that are done.
    var total: Int
    var done: Int
    /// How much of the next recording is done, from 0 to 1.
    var share = 0.0
    var failures = 0
    /// Said of recordings that were scored.
    var notices = 0
    /// The recording in progress, and for how many seconds nothing was done but that.
    var current: (name: String, seconds: Double)?
    /// What this session has done, which may not be the first of the run.
    var seconds = 0.0
    var audioSeconds = 0.0
    /// The done recordings and share that this session began with.
    var doneBefore = 0.0

    /// For a line that is overwritten: `312 of 2000 recordings, 3 failed, 0.52 h of audio, 37.2 × real time, 4 min left`.
    var line: String {
        var parts = ["\(done) of \(Self.count(total, "recording"))"]
        parts += remarks
        parts.append(Self.duration(audioSeconds) + " of audio")
        if let speed { parts.append(speed) }
        if let secondsLeft { parts.append(Self.duration(secondsLeft) + " left") }
        if let current, current.seconds >= Self.longTime {
            parts.append("\(printable(current.name, longest: 60)) for \(Self.duration(current.seconds)) now")
        }
        return parts.joined(separator: ", ")
    }

    /// For the end: `2000 recordings, 3 failed, 1.3 h of audio in 2 min 3 s, 37.2 × real time`.
    var summary: String {
        var parts = [Self.count(done, "recording")]
        parts += remarks
        parts.append("\(Self.duration(audioSeconds)) of audio in \(Self.duration(seconds))")
        if let speed { parts.append(speed) }
        return parts.joined(separator: ", ")
    }

    private var remarks: [String] {
        (failures > 0 ? ["\(failures) failed"] : []) + (notices > 0 ? [Self.count(notices, "notice")] : [])
    }

    /// In seconds: a recording that takes longer is named.
    private static let longTime = 5.0

    private var speed: String? {
        guard seconds > 0, audioSeconds > 0 else { return nil }
        return Self.number(audioSeconds / seconds) + " × real time"
    }

    /// Nil while nothing is known.
    var secondsLeft: Double? {
        let come = Double(done) + share - doneBefore
        let left = Double(total - done) - share
        guard come > 0, seconds >= 1, left > 0 else { return nil }
        return seconds * left / come
    }

    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e12).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        return number(Double(whole) / 3600) + " h"
    }

    private static func number(_ value: Double) -> String {
        String(format: value < 9.95 ? "%.2f" : value < 99.5 ? "%.1f" : "%.0f", value)
    }

    private static func count(_ count: Int, _ name: String) -> String { "\(count) \(name)\(count == 1 ? "" : "s")" }
}
