/// How inputs become recordings.
public struct InputOptions: Sendable, Hashable {
    /// Whether folders are searched with all that is below them.
    public var isRecursive = false
    /// What is taken from folders: files whose name matches one of these patterns, as a shell matches names. Without
    /// any, the files that are called as audio files are.
    public var globs: [String] = []
    /// Where relative files and folders are looked for, whether they are inputs or named by a table or list.
    public var root: String?
    /// The share of the recordings to take; nil for all.
    public var shard: Shard?

    public init() {}
}
