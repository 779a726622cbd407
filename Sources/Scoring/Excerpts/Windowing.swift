import AudioInput

/// Which stretches of a recording are scored: all of it, or windows; as audinterface cuts them.
///
/// A recording is first cut to ``maximumDuration``, then padded with zeros to ``minimumDuration``, then taken as a whole
/// or in windows. Durations in seconds become samples by cutting off what is left of a sample.
public struct Windowing: Sendable, Hashable {
    /// Windows of equal length, one each hop.
    public struct Windows: Sendable, Hashable {
        /// Length in seconds.
        public var duration: Double
        /// From one window's start to the next one's, in seconds.
        public var hop: Double
        /// Whether a last window that the recording doesn't fill is padded with zeros, and not dropped.
        public var padsLast: Bool

        /// A hop of half a window if none is given.
        public init(duration: Double, hop: Double? = nil, padsLast: Bool = false) {
            self.duration = duration
            self.hop = hop ?? duration / 2
            self.padsLast = padsLast
        }
    }

    /// nil to score a recording as a whole.
    public var windows: Windows?
    /// In seconds.
    public var minimumDuration: Double?
    public var maximumDuration: Double?

    public init(windows: Windows? = nil, minimumDuration: Double? = nil, maximumDuration: Double? = nil) {
        self.windows = windows
        self.minimumDuration = minimumDuration
        self.maximumDuration = maximumDuration
    }

    /// - Throws: ``WindowingError`` where a duration can't be, or a window is too short for a model that needs
    ///   `minimumSamples`.
    public func check(minimumSamples: Int) throws(WindowingError) {
        let minimum = Double(minimumSamples) / Double(Signal.sampleRate)
        if let windows {
            guard windows.duration >= minimum, windows.duration <= AudioReader.maximumDuration else {
                throw .duration(.window, windows.duration, minimum: minimum)
            }
            guard Self.samples(windows.hop) > 0, windows.hop <= AudioReader.maximumDuration else {
                throw .duration(.hop, windows.hop, minimum: 1 / Double(Signal.sampleRate))
            }
        }
        for (name, duration) in [(.minimum, minimumDuration), (.maximum, maximumDuration)]
            as [(WindowingError.Name, Double?)]
        {
            guard let duration else { continue }
            guard duration >= minimum, duration <= AudioReader.maximumDuration else {
                throw .duration(name, duration, minimum: minimum)
            }
        }
        if let least = minimumDuration, let most = maximumDuration, least > most { throw .contradiction(least, most) }
    }

    /// The samples that a duration takes, what is left of one cut off. 0 where it is not a number or negative.
    static func samples(_ seconds: Double) -> Int {
        let samples = seconds * Double(Signal.sampleRate)
        return samples >= 1 ? Int(min(samples, Double(Int32.max))) : 0
    }
}

/// A duration that a recording can't be cut by.
public enum WindowingError: Error, Hashable, CustomStringConvertible {
    public enum Name: String, Sendable {
        case window, hop
        case minimum = "minimum duration"
        case maximum = "maximum duration"
    }

    case duration(Name, Double, minimum: Double)
    /// The least, then the most.
    case contradiction(Double, Double)

    public var description: String {
        switch self {
        case .duration(let name, let duration, let minimum):
            "a \(name.rawValue) of \(duration) s; it can be from \(minimum) s to \(AudioReader.maximumDuration) s"
        case .contradiction(let least, let most):
            "a minimum duration of \(least) s is more than the maximum duration, \(most) s"
        }
    }
}
