/// What a prediction says of one recording, or of one window of it.
public struct Row: Sendable, Hashable {
    public let file: String
    /// Where the recording lies in its file, in seconds.
    public let start: Double
    public let end: Double
    /// The chosen outputs, in the order of the table's columns and as many numbers as they have labels.
    public let values: [[Float]]

    public init(file: String, start: Double, end: Double, values: [[Float]]) {
        self.file = file
        self.start = start
        self.end = end
        self.values = values
    }
}

/// A recording, or a window of one, that could not be scored.
public struct FailedRow: Sendable, Hashable {
    public let file: String
    /// In seconds; nil where no part of the file was asked for, or it isn't known.
    public let start: Double?
    public let end: Double?
    public let reason: String

    public init(file: String, start: Double? = nil, end: Double? = nil, reason: String) {
        self.file = file
        self.start = start
        self.end = end
        self.reason = reason
    }
}
