import AudioInput
import Files

/// An input that names no recording, or one that can't be meant.
public struct InputFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The input, or the file that a line of a table or list names, as it was given.
    public let file: String
    /// The part of the file that was asked for, where that is known.
    public let segment: Segment?
    /// What was wrong, and what would be right.
    public let reason: String

    public init(file: String, segment: Segment? = nil, reason: String) {
        self.file = file
        self.segment = segment
        self.reason = reason
    }

    /// One line.
    public var description: String { "\(printable(file)): \(reason)" }
}
