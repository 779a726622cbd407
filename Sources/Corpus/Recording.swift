import AudioInput

/// Something to score: a file, or a part of one.
public struct Recording: Sendable, Hashable {
    /// As rows name it: as it was given.
    public let name: String
    /// Where it is; `-` is standard input.
    public let path: String
    /// Seconds; nil for the whole file.
    public let segment: Segment?

    public init(name: String, path: String, segment: Segment? = nil) {
        self.name = name
        self.path = path
        self.segment = segment
    }

    /// A file that is looked for in `root`, or in the working folder without one, unless its path is absolute.
    public init(name: String, root: String?, segment: Segment? = nil) {
        self.init(name: name, path: FilePath.joined(root ?? "", name), segment: segment)
    }
}
