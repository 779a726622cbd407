/// Decodes a segment of an audio file, or all of it, to 16 kHz: decode, mix, resample, cut.
///
/// A segment is resampled with what lies around it, as far as the filter reaches, and from a frame that falls on a sample
/// of the result, so that its samples are those that the whole file would have there.
struct SignalDecoder {
    private let file: SoundFile
    private let channel: Int?
    /// The samples asked for, in the whole file's result.
    private let samples: Range<Int>
    /// The frames to decode for them.
    private let frames: Range<Int>
    /// Where `frames` starts, in the whole file's result.
    private let origin: Int

    init(_ file: SoundFile, channel: Int?, segment: Segment?) throws(AudioError.Reason) {
        if let channel, !(0..<file.channelCount).contains(channel) {
            throw .noSuchChannel(channel, available: file.channelCount)
        }
        self.file = file
        self.channel = channel
        let rate = file.sampleRate
        let duration = Double(file.frameCount) / Double(rate)
        // Also keeps the arithmetic below far from overflow, whatever a header says.
        guard file.frameCount <= Int(Int32.max) * rate else { throw .tooLong(duration: duration) }
        let total = Resampler.outputCount(file.frameCount, inputRate: rate)
        samples = try segment?.range(inSignalOf: total) ?? 0..<total
        let wanted = Double(samples.count) / Double(Signal.sampleRate)
        guard wanted <= AudioReader.maximumDuration else { throw .tooLong(duration: wanted) }

        // Every `period.frames` frames, a frame falls on a sample.
        let divisor = greatestCommonDivisor(rate, Signal.sampleRate)
        let period = (frames: rate / divisor, samples: Signal.sampleRate / divisor)
        let reach = rate == Signal.sampleRate ? 0 : Int((Resampler.reach * Double(Signal.sampleRate)).rounded(.up))
        let periods = max(0, samples.lowerBound - reach) / period.samples
        origin = periods * period.samples
        let last = (samples.upperBound + reach) * rate / Signal.sampleRate + 1
        frames = periods * period.frames..<(samples.upperBound == total ? file.frameCount : min(last, file.frameCount))
    }

    func readAll() throws(AudioError.Reason) -> [Float] {
        if frames.lowerBound > 0 { try file.seek(to: frames.lowerBound) }
        let resampler = file.sampleRate == Signal.sampleRate ? nil : try Resampler(inputRate: file.sampleRate)
        var result: [Float] = []
        var frame = frames.lowerBound
        while frame < frames.upperBound {
            let block = try file.read(atMost: frames.upperBound - frame, channel: channel)
            guard !block.isEmpty else {
                throw .truncated(declared: file.frameCount, found: frame, unit: .frames)
            }
            if let index = block.firstIndex(where: { !$0.isFinite }) {
                throw .nonFinite(position: Double(frame + index) / Double(file.sampleRate))
            }
            frame += block.count
            result += try resampler?.process(block) ?? block
        }
        result += try resampler?.finish() ?? []
        return try cut(result)
    }

    private func cut(_ result: [Float]) throws(AudioError.Reason) -> [Float] {
        let range = samples.lowerBound - origin..<samples.upperBound - origin
        guard range.upperBound <= result.count else {
            throw .resamplingFailed("\(result.count) samples, where \(range.upperBound) were expected")
        }
        // Samples near the limits of a float can grow beyond them in the filter.
        if let index = result[range].firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(origin + index) / Double(Signal.sampleRate))
        }
        return range == result.indices ? result : Array(result[range])
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
