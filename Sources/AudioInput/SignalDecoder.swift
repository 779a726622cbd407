/// Decodes a segment of an audio file, or all of it, to 16 kHz: decode, mix, resample, cut.
///
/// A segment is decoded with what lies around it, as far as the resampling filter reaches, and from a frame that falls on
/// a sample of the result, so that its samples are those that the whole file would have there. Where nothing is resampled,
/// the same start lets a decoder of a lossy format settle.
struct SignalDecoder {
    private let file: SoundFile
    private let channel: Int?
    private let isSegment: Bool
    /// The samples asked for, in the whole file's result; no last one for all that there are.
    private let samples: (first: Int, last: Int?)

    init(_ file: SoundFile, channel: Int?, segment: Segment?) throws(AudioError.Reason) {
        if let channel, !(0..<file.channelCount).contains(channel) {
            throw .noSuchChannel(channel, available: file.channelCount)
        }
        self.file = file
        self.channel = channel
        isSegment = segment != nil
        samples = try segment?.samples() ?? (0, nil)

        // Only a damaged header says so; and it keeps the arithmetic below far from overflow.
        guard file.frameCount ?? 0 <= Int(Int32.max) * file.sampleRate else {
            throw .tooLong(duration: Double(file.frameCount ?? 0) / Double(file.sampleRate))
        }
        let total = file.frameCount.map { Resampler.outputCount($0, inputRate: file.sampleRate) }
        if let total { try checkStart(total) }
        if let last = Self.earlier(samples.last, total) { try checkLength(last - samples.first) }
    }

    func readAll() throws(AudioError.Reason) -> [Float] {
        let (frames, origin) = framesToDecode()
        let resampler = file.sampleRate == Signal.sampleRate ? nil : try Resampler(inputRate: file.sampleRate)
        if frames.lowerBound > 0 { try file.seek(to: frames.lowerBound) }
        var result: [Float] = []
        while file.position < frames.upperBound {
            let position = file.position
            let block = try file.read(atMost: frames.upperBound - position, channel: channel)
            if block.isEmpty { break }
            if let index = block.firstIndex(where: { !$0.isFinite }) {
                throw .nonFinite(position: Double(position + index) / Double(file.sampleRate))
            }
            result += try resampler?.process(block) ?? block
            try checkLength(result.count - (samples.first - origin))
        }
        if let count = file.frameCount, file.position < min(count, frames.upperBound) {
            throw .truncated(declared: count, found: file.position, unit: .frames)
        }
        result += try resampler?.finish() ?? []
        return try cut(result, origin: origin)
    }

    /// The frames that the samples depend on, and the sample that the first of them falls on.
    private func framesToDecode() -> (Range<Int>, origin: Int) {
        let rate = file.sampleRate
        let reach = Int((Resampler.reach * Double(Signal.sampleRate)).rounded(.up))
        // Every `frames` frames, a frame falls on a sample. Without a known end, there is nothing to seek by.
        let divisor = greatestCommonDivisor(rate, Signal.sampleRate)
        let period = (frames: rate / divisor, samples: Signal.sampleRate / divisor)
        let canSeek = file.isSeekable && file.frameCount != nil
        let periods = canSeek ? max(0, samples.first - reach) / period.samples : 0
        let end = samples.last.map { ($0 + reach) * rate / Signal.sampleRate + 1 }
        return (
            periods * period.frames..<(Self.earlier(end, file.frameCount) ?? .max), origin: periods * period.samples
        )
    }

    private func cut(_ result: [Float], origin: Int) throws(AudioError.Reason) -> [Float] {
        let available = origin + result.count
        try checkStart(available)
        let range = samples.first - origin..<min(samples.last ?? available, available) - origin
        // Samples near the limits of a float can grow beyond them in the filter.
        if let index = result[range].firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(origin + index) / Double(Signal.sampleRate))
        }
        return range == result.indices ? result : Array(result[range])
    }

    private func checkStart(_ count: Int) throws(AudioError.Reason) {
        guard count > 0 else { throw .noSamples }
        guard !isSegment || samples.first < count else {
            throw .segmentBeyondEnd(first: samples.first, count: count)
        }
    }

    private func checkLength(_ count: Int) throws(AudioError.Reason) {
        let duration = Double(count) / Double(Signal.sampleRate)
        // What lies around a segment is decoded as well.
        guard duration <= AudioReader.maximumDuration + 2 * Resampler.reach else { throw .tooLong(duration: duration) }
    }

    private static func earlier(_ a: Int?, _ b: Int?) -> Int? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
