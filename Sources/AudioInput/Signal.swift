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

    /// The samples that it covers in a signal of this length: both ends rounded to the nearest sample.
    ///
    /// - Throws: `.invalidSegment`, or `.segmentBeyondEnd` if it covers none because the signal ends before it.
    func range(inSignalOf count: Int) throws(AudioError.Reason) -> Range<Int> {
        guard start.isFinite, start >= 0, end.map({ $0.isFinite && $0 > start }) ?? true else {
            throw .invalidSegment(start: start, end: end)
        }
        let rate = Double(Signal.sampleRate)
        let first = (start * rate).rounded()
        let last = min(((end ?? .infinity) * rate).rounded(), Double(count))
        guard first < Double(count) else {
            throw .segmentBeyondEnd(start: start, duration: Double(count) / rate)
        }
        return Int(first)..<max(Int(first), Int(last))
    }
}
