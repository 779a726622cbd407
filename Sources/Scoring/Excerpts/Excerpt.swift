/// A stretch of a recording that is scored by itself.
public struct Excerpt: Sendable, Hashable {
    /// Where it lies in its file, in seconds.
    public let start: Double
    public let end: Double
    /// Mono, at 16 kHz.
    public let samples: [Float]

    public init(start: Double, end: Double, samples: [Float]) {
        self.start = start
        self.end = end
        self.samples = samples
    }
}
