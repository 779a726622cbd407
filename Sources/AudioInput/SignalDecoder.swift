/// Decodes a segment of an audio file, or all of it, to 16 kHz, piece by piece: decode, mix, resample, cut.
///
/// A segment's first sample lies on its first frame, as if the file began there; that may be between two samples of the
/// whole file. It is decoded with what lies around it, as far as the resampling filter reaches. If nothing is resampled,
/// this lets a decoder of a lossy format settle.
final class SignalDecoder: SignalSource {
    let promisedCount: Int?

    private let file: any FrameSource
    private let channel: Int?
    private let isSegment: Bool
    /// The frames asked for; without a last one, all of them.
    private let frames: (first: Int, last: Int?)
    /// The most samples that they become; nil if the file's end is theirs.
    private let count: Int?
    /// Nil if the file is at 16 kHz.
    private let resampler: Resampler?
    /// The frames to decode; those before the file's first are zeros.
    private let surroundings: Range<Int>
    /// Where the next sample lies, counted from the first one asked for.
    private var position: Int
    private var isFinished = false

    init(_ file: any FrameSource, channel: Int?, segment: Segment?) throws(AudioError.Reason) {
        if let channel, !(0..<file.channelCount).contains(channel) {
            throw .noSuchChannel(channel, available: file.channelCount)
        }
        self.file = file
        self.channel = channel
        isSegment = segment != nil
        frames = try segment?.frames(rate: file.sampleRate) ?? (0, nil)

        // Only a damaged header says so; and it keeps the arithmetic below far from overflow.
        guard file.frameCount ?? 0 <= Int(Int32.max) * file.sampleRate else {
            throw .tooLong(duration: Double(file.frameCount ?? 0) / Double(file.sampleRate))
        }
        resampler = file.sampleRate == Signal.sampleRate ? nil : try Resampler(inputRate: file.sampleRate)
        let rate = file.sampleRate
        count = frames.last.map { [frames] in Resampler.outputCount($0 - frames.first, inputRate: rate) }
        promisedCount = Self.earlier(frames.last, file.frameCount).map { [frames] in
            Resampler.outputCount(max(0, $0 - frames.first), inputRate: rate)
        }
        (surroundings, position) = Self.surroundings(of: frames, in: file)
        if let frameCount = file.frameCount { try checkStart(frameCount) }
        if file.isSeekable, file.frameCount != nil, surroundings.lowerBound > 0 {
            try file.seek(to: surroundings.lowerBound)
        }
    }

    var notices: [AudioNotice] { file.notices }

    var decodedDuration: Double {
        Double(max(0, min(file.position, frames.last ?? .max) - frames.first)) / Double(file.sampleRate)
    }

    func next() throws(AudioError.Reason) -> [Float] {
        while !isFinished {
            let decoded = try decode()
            let first = min(max(0, -position), decoded.count)
            let last = min(max(first, count.map { $0 - position } ?? .max), decoded.count)
            let piece = decoded[first..<last]
            // Samples near the limits of a float can grow beyond them in the filter.
            if let index = piece.firstIndex(where: { !$0.isFinite }) {
                throw .nonFinite(position: time(of: position + index))
            }
            position += decoded.count
            if isFinished { try checkStart(file.position) }
            if !piece.isEmpty { return piece.count == decoded.count ? decoded : Array(piece) }
        }
        return []
    }

    /// The next samples of the result, from ``position`` on, with those around the segment.
    private func decode() throws(AudioError.Reason) -> [Float] {
        let start = file.position
        let left = surroundings.upperBound - start
        let block = left > 0 ? try file.read(atMost: left, channel: channel) : []
        if block.isEmpty {
            if let count = file.frameCount, start < min(count, surroundings.upperBound) {
                throw .truncated(declared: count, found: start, unit: .frames)
            }
            isFinished = true
            return try resampler?.finish() ?? []
        }
        if let index = block.firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(start + index) / Double(file.sampleRate))
        }
        // Frames that could not be skipped by seeking.
        let needed = block.dropFirst(max(0, surroundings.lowerBound - start))
        guard let resampler else { return needed.count == block.count ? block : Array(needed) }
        if needed.isEmpty { return [] }
        let silence = start == 0 ? max(0, -surroundings.lowerBound) : 0
        return try resampler.process([Float](repeating: 0, count: silence) + needed)
    }

    /// The frames that the samples depend on, and where the first of them lies, in samples from the first one asked for.
    private static func surroundings(
        of frames: (first: Int, last: Int?), in file: any FrameSource
    ) -> (Range<Int>, position: Int) {
        let rate = file.sampleRate
        let reach = Int((Resampler.reach * Double(rate)).rounded(.up))
        let end = earlier(frames.last.map { $0 + reach }, file.frameCount) ?? .max
        if frames.first == 0 { return (0..<max(0, end), 0) }
        // Every `period.frames` frames, a frame falls on a sample.
        let divisor = greatestCommonDivisor(rate, Signal.sampleRate)
        let period = (frames: rate / divisor, samples: Signal.sampleRate / divisor)
        var periods = (reach + period.frames - 1) / period.frames
        // Only a resampler has a use for silence before the beginning.
        if rate == Signal.sampleRate { periods = min(periods, frames.first) }
        let start = frames.first - periods * period.frames
        return (start..<max(start, end), -periods * period.samples)
    }

    private func checkStart(_ frameCount: Int) throws(AudioError.Reason) {
        guard frameCount > 0 else { throw .noSamples }
        guard !isSegment || frames.first < frameCount else {
            let samples = [frames.first, frameCount].map { Resampler.outputCount($0, inputRate: file.sampleRate) }
            throw .segmentBeyondEnd(first: samples[0], count: samples[1])
        }
    }

    /// Of a sample counted from the first one asked for, in seconds from the file's beginning.
    private func time(of sample: Int) -> Double {
        Double(frames.first) / Double(file.sampleRate) + Double(sample) / Double(Signal.sampleRate)
    }

    private static func earlier(_ a: Int?, _ b: Int?) -> Int? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
