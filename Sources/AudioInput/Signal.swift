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

    /// The frames that it covers in a recording of so many a second; no last one if it goes to the end. Its start and its
    /// length are rounded to the nearest frame, halves to the even one, as audiofile and audinterface do it.
    ///
    /// - Throws: `.invalidSegment`.
    func frames(rate: Int) throws(AudioError.Reason) -> (first: Int, last: Int?) {
        guard start.isFinite, start >= 0, end.map({ $0.isFinite && $0 > start }) ?? true else {
            throw .invalidSegment(start: start, end: end)
        }
        // No recording reaches that far, and all sums of it fit.
        let limit = Double(Int32.max)
        func frames(_ seconds: Double) -> Int {
            Int((min(seconds, limit) * Double(rate)).rounded(.toNearestOrEven))
        }
        let first = frames(start)
        return (first, end.map { first + frames($0 - start) })
    }
}
