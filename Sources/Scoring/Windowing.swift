import AudioInput

/// Which stretches of a recording are scored: all of it, or windows; as audinterface cuts them.
///
/// A recording is first cut to ``maximumDuration``, then padded with zeros to ``minimumDuration``, then taken as a whole
/// or in windows. Durations in seconds become whole samples, rounded down.
package struct Windowing: Sendable, Hashable {
    /// Windows of equal length, one each hop.
    package struct Windows: Sendable, Hashable {
        /// Length in seconds.
        package var duration: Double
        /// From one window's start to the next one's, in seconds.
        package var hop: Double
        /// Whether a last window that the recording doesn't fill is padded with zeros rather than dropped.
        package var padsLast: Bool

        /// A hop of half a window if none is given.
        package init(duration: Double, hop: Double? = nil, padsLast: Bool = false) {
            self.duration = duration
            self.hop = hop ?? duration / 2
            self.padsLast = padsLast
        }
    }

    /// Nil to score a recording as a whole.
    package var windows: Windows?
    /// In seconds.
    package var minimumDuration: Double?
    package var maximumDuration: Double?

    package init(windows: Windows? = nil, minimumDuration: Double? = nil, maximumDuration: Double? = nil) {
        self.windows = windows
        self.minimumDuration = minimumDuration
        self.maximumDuration = maximumDuration
    }

    /// - Throws: ``WindowingError`` if a duration is impossible, or a window is too short for a model that needs
    ///   `minimumSamples`.
    package func check(minimumSamples: Int) throws(WindowingError) {
        let minimum = Double(minimumSamples) / Double(Signal.sampleRate)
        let durations: [(WindowingError.Name, Double?, minimum: Double)] = [
            (.window, windows?.duration, minimum), (.hop, windows?.hop, 1 / Double(Signal.sampleRate)),
            (.minimum, minimumDuration, minimum), (.maximum, maximumDuration, minimum),
        ]
        for (name, duration, minimum) in durations {
            guard let duration else { continue }
            guard duration >= minimum, duration <= AudioReader.maximumDuration else {
                throw .duration(name, duration, minimum: minimum)
            }
        }
        if let least = minimumDuration, let most = maximumDuration, least > most { throw .contradiction(least, most) }
    }

    /// The whole samples in a duration; 0 if it is negative or not a number.
    static func samples(_ seconds: Double) -> Int {
        let samples = seconds * Double(Signal.sampleRate)
        return samples >= 1 ? Int(min(samples, Double(Int32.max))) : 0
    }
}

/// A duration that a recording can't be cut by.
package enum WindowingError: Error, Hashable, CustomStringConvertible {
    package enum Name: String, Sendable {
        case window, hop
        case minimum = "minimum duration"
        case maximum = "maximum duration"
    }

    case duration(Name, Double, minimum: Double)
    /// The least, then the most.
    case contradiction(Double, Double)

    package var description: String {
        switch self {
        case .duration(let name, let duration, let minimum):
            "a \(name.rawValue) of \(duration) s; it can be from \(minimum) s to \(AudioReader.maximumDuration) s"
        case .contradiction(let least, let most):
            "a minimum duration of \(least) s is more than the maximum duration, \(most) s"
        }
    }
}
