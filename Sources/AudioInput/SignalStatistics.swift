/// What the samples of a recording show about it: whether they can be meant.
struct SignalStatistics {
    /// Mean squares around the mean, so that a constant offset counts for nothing.
    private struct Variation {
        var sum = 0.0
        var squares = 0.0

        mutating func add(_ sample: Float) {
            sum += Double(sample)
            squares += Double(sample) * Double(sample)
        }

        func value(_ count: Int) -> Double {
            max(0, squares / Double(count) - (sum / Double(count)) * (sum / Double(count)))
        }
    }

    private var peak: Float = 0
    private var count = 0
    private var mean = Variation()
    private var channels: [Variation] = []

    /// Lossy decoders exceed full scale by some decibels; no recording with samples of about −1 to 1 does by more than 6.
    private static let largestPeak: Float = 2
    /// Of n channels that have nothing to do with each other, the mean has 1/n of the power of one. Less than a tenth of
    /// that means that they cancel.
    private static let cancelledShare = 0.1

    /// Takes samples that are scored.
    mutating func add(_ samples: ArraySlice<Float>) {
        count += samples.count
        for sample in samples { peak = max(peak, abs(sample)) }
    }

    /// Takes means of channels that are scored, and the interleaved channels.
    mutating func add(_ samples: ArraySlice<Float>, of interleaved: ArraySlice<Float>, channelCount: Int) {
        add(samples)
        if channels.isEmpty { channels = [Variation](repeating: Variation(), count: channelCount) }
        for sample in samples { mean.add(sample) }
        var index = interleaved.startIndex
        while index < interleaved.endIndex {
            for channel in 0..<channelCount { channels[channel].add(interleaved[index + channel]) }
            index += channelCount
        }
    }

    var notices: [AudioNotice] {
        guard count > 0 else { return [] }
        let power = channels.reduce(0) { $0 + $1.value(count) } / Double(max(1, channels.count))
        if power > 0, mean.value(count) * Double(channels.count) < Self.cancelledShare * power {
            return [.cancelledChannels]
        }
        if peak == 0 { return [.silence] }
        return peak > Self.largestPeak ? [.outOfRange(peak: peak)] : []
    }
}
