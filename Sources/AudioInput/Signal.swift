/// Mono audio at the rate that the model hears.
public struct Signal: Sendable, Equatable {
    /// In samples per second.
    public static let sampleRate = 16_000

    /// About −1 to 1; always finite.
    public let samples: [Float]

    public init(samples: [Float]) { self.samples = samples }

    /// In seconds.
    public var duration: Double { Double(samples.count) / Double(Self.sampleRate) }
}

/// A part of a recording.
public struct Segment: Sendable, Hashable {
    /// In seconds from the beginning.
    public let start: Double
    /// In seconds from the beginning; `nil` for the end of the recording, which is also where a later one is cut.
    public let end: Double?

    public init(start: Double, end: Double? = nil) {
        self.start = start
        self.end = end
    }

    /// The samples that it covers, both ends rounded to the nearest; no last one if it goes to the end.
    ///
    /// - Throws: `.invalidSegment`.
    func samples() throws(AudioError.Reason) -> (first: Int, last: Int?) {
        guard start.isFinite, start >= 0, end.map({ $0.isFinite && $0 > start }) ?? true else {
            throw .invalidSegment(start: start, end: end)
        }
        // No recording reaches that far, and all sums of it fit.
        let limit = Double(Int32.max)
        let rate = Double(Signal.sampleRate)
        return (Int((min(start, limit) * rate).rounded()), end.map { Int((min($0, limit) * rate).rounded()) })
    }
}
