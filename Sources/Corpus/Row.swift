import AudioInput
import Files

/// The numbers of one recording, or of one window of it.
package struct Row: Sendable, Hashable {
    /// As the list of recordings names it.
    package let file: String
    /// Where it lies in its file, in seconds.
    package let start: Double
    package let end: Double
    /// The chosen outputs, in the order of a table's columns; each has as many numbers as its column has labels.
    package let values: [[Float]]
    /// What is doubtful about the recording, with its last row: one line each, without the file's name.
    package let notices: [String]

    package init(file: String, start: Double, end: Double, values: [[Float]], notices: [String] = []) {
        self.file = file
        self.start = start
        self.end = end
        self.values = values
        self.notices = notices
    }
}

/// Why there is no row: an input is not a recording, a recording can't be read or cut, or an excerpt can't be scored.
package struct RowFailure: Error, CustomStringConvertible {
    /// The input or recording as it was given; empty if none was named.
    package let file: String
    /// The part of the file that was asked for, in seconds, if it is known.
    package let segment: Segment?
    /// What was wrong, without the name of the file: an ``InputError``, an `AudioError.Reason`, or an error of the scoring.
    package let reason: any Error

    package init(file: String, segment: Segment? = nil, reason: any Error) {
        self.file = file
        self.segment = segment
        self.reason = reason
    }

    /// A recording that can't be read or cut.
    package init(_ error: any Error, of recording: Recording) {
        let reason: any Error = (error as? AudioError)?.reason ?? error
        self.init(
            file: recording.name == "-" ? "standard input" : recording.name, segment: recording.segment,
            reason: RecordingNotFound(reason, recording) ?? reason)
    }

    /// One line: what was wrong, and what would be right.
    package var description: String { "\(printable(file)): \(reason)" }
}

/// How far a run over a list of recordings has come.
package struct RunPosition: Sendable, Hashable {
    /// Recordings that are done.
    package var recording: Int
    /// Windows that are done of the recording after them.
    package var window: Int
    /// Rows written.
    package var rows: Int
    /// Failures written.
    package var failures: Int
    /// The audio that was scored; where windows overlap, once.
    package var audioSeconds: Double

    package init(
        recording: Int = 0, window: Int = 0, rows: Int = 0, failures: Int = 0, audioSeconds: Double = 0
    ) {
        self.recording = recording
        self.window = window
        self.rows = rows
        self.failures = failures
        self.audioSeconds = audioSeconds
    }
}
