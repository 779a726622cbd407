/// How far a run has come.
public struct RunPosition: Codable, Sendable, Hashable {
    /// Recordings that are done.
    public var recording: Int
    /// Windows that are done of the recording after them.
    public var window: Int
    /// Rows written.
    public var rows: Int
    /// Failures written.
    public var failures: Int
    /// The audio that was scored.
    public var audioSeconds: Double

    public init(recording: Int = 0, window: Int = 0, rows: Int = 0, failures: Int = 0, audioSeconds: Double = 0) {
        self.recording = recording
        self.window = window
        self.rows = rows
        self.failures = failures
        self.audioSeconds = audioSeconds
    }
}

/// How a run begins where another may have been before it.
public enum RunStart: String, Sendable, CaseIterable {
    /// From the beginning; refused where an unfinished run is there.
    case new
    /// From the beginning; an unfinished run that is there is thrown away.
    case restart
    /// Where an unfinished run stopped; from the beginning where there is none.
    case resume
}
