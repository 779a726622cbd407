/// Decodes a segment of an audio file, or all of it, to 16 kHz, piece by piece: decode, mix, resample, cut.
///
/// A segment is decoded with what lies around it, as far as the resampling filter reaches, and from a frame that falls on
/// a sample of the result, so that its samples are those that the whole file would have there. Where nothing is resampled,
/// the same start lets a decoder of a lossy format settle.
final class SignalDecoder {
    /// How many samples the file's header promises; nil where it does not tell.
    let promisedCount: Int?

    private let file: SoundFile
    private let channel: Int?
    private let isSegment: Bool
    /// The samples asked for, in the whole file's result; no last one for all that there are.
    private let samples: (first: Int, last: Int?)
    /// nil where the file is at 16 kHz.
    private let resampler: Resampler?
    /// Up to which frame there is something to decode.
    private let lastFrame: Int
    /// Where the next sample lies in the whole file's result.
    private var position: Int
    private var isFinished = false

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
        promisedCount = Self.earlier(samples.last, total).map { [samples] in max(0, $0 - samples.first) }
        resampler = file.sampleRate == Signal.sampleRate ? nil : try Resampler(inputRate: file.sampleRate)
        let (frames, origin) = Self.framesToDecode(samples, of: file)
        lastFrame = frames.upperBound
        position = origin
        if let total { try checkStart(total) }
        if frames.lowerBound > 0 { try file.seek(to: frames.lowerBound) }
    }

    /// The next samples, all finite; none at the end.
    func next() throws(AudioError.Reason) -> [Float] {
        while !isFinished {
            let decoded = try decode()
            let first = min(max(0, samples.first - position), decoded.count)
            let last = min(max(first, (samples.last ?? .max) - position), decoded.count)
            let piece = decoded[first..<last]
            // Samples near the limits of a float can grow beyond them in the filter.
            if let index = piece.firstIndex(where: { !$0.isFinite }) {
                throw .nonFinite(position: Double(position + index) / Double(Signal.sampleRate))
            }
            position += decoded.count
            if isFinished { try checkStart(position) }
            if !piece.isEmpty { return piece.count == decoded.count ? decoded : Array(piece) }
        }
        return []
    }

    /// The next samples of the result, from ``position`` on, with those around the segment.
    private func decode() throws(AudioError.Reason) -> [Float] {
        let start = file.position
        let block = start < lastFrame ? try file.read(atMost: lastFrame - start, channel: channel) : []
        if block.isEmpty {
            if let count = file.frameCount, start < min(count, lastFrame) {
                throw .truncated(declared: count, found: start, unit: .frames)
            }
            isFinished = true
            return try resampler?.finish() ?? []
        }
        if let index = block.firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(start + index) / Double(file.sampleRate))
        }
        return try resampler?.process(block) ?? block
    }

    /// The frames that the samples depend on, and the sample that the first of them falls on.
    private static func framesToDecode(
        _ samples: (first: Int, last: Int?), of file: SoundFile
    ) -> (Range<Int>, origin: Int) {
        let rate = file.sampleRate
        let reach = Int((Resampler.reach * Double(Signal.sampleRate)).rounded(.up))
        // Every `frames` frames, a frame falls on a sample. Without a known end, there is nothing to seek by.
        let divisor = greatestCommonDivisor(rate, Signal.sampleRate)
        let period = (frames: rate / divisor, samples: Signal.sampleRate / divisor)
        let canSeek = file.isSeekable && file.frameCount != nil
        let periods = canSeek ? max(0, samples.first - reach) / period.samples : 0
        let end = earlier(samples.last.map { ($0 + reach) * rate / Signal.sampleRate + 1 }, file.frameCount)
        let start = periods * period.frames
        return (start..<max(start, end ?? .max), origin: periods * period.samples)
    }

    private func checkStart(_ count: Int) throws(AudioError.Reason) {
        guard count > 0 else { throw .noSamples }
        guard !isSegment || samples.first < count else {
            throw .segmentBeyondEnd(first: samples.first, count: count)
        }
    }

    private static func earlier(_ a: Int?, _ b: Int?) -> Int? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
