/// Decodes a segment of an audio file, or all of it, to 16 kHz, piece by piece: decode, mix, resample, cut.
///
/// A segment's first sample lies on its first frame, as if the file began there; that may be between two samples of the
/// whole file. It is decoded with what lies around it, as far as the resampling filter reaches. If nothing is resampled,
/// this lets a decoder of a lossy format settle.
final class SignalDecoder: SignalSource {
    let promisedCount: Int?

    private let file: any AudioFile
    private let channel: Int?
    private let segment: Segment?
    private let acceptsTruncated: Bool
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
    private var statistics = SignalStatistics()
    /// What is doubtful about the recording's length.
    private var lengthNotices: [AudioNotice] = []

    /// With `acceptsTruncated`, what there is of a recording that is cut short or damaged is all of it.
    init(
        _ file: any AudioFile, channel: Int?, segment: Segment?, acceptsTruncated: Bool = false
    ) throws(AudioError.Reason) {
        if let channel, !(0..<file.channelCount).contains(channel) {
            throw .noSuchChannel(channel, available: file.channelCount)
        }
        self.file = file
        self.channel = channel
        self.segment = segment
        self.acceptsTruncated = acceptsTruncated
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
        if let declared = file.declaredFrameCount, let count = file.frameCount, declared != count {
            let rate = Double(file.sampleRate)
            lengthNotices.append(.length(declared: Double(declared) / rate, found: Double(count) / rate))
        }
        for length in file.lengths {
            if let notice = try length.notice(acceptsTruncated: acceptsTruncated) { lengthNotices.append(notice) }
        }
        let start = max(0, surroundings.lowerBound)
        if file.isSeekable, file.position != start { try file.seek(to: start) }
    }

    var notices: [AudioNotice] {
        var notices = reachesEnd ? lengthNotices : []
        if endsEarly, let end = segment?.end {
            let found = Double(file.position) / Double(file.sampleRate)
            if end - found >= Self.smallestCut { notices.append(.segmentCut(end: end, found: found)) }
        }
        if let damage = file.damage(in: frames.first..<max(frames.first, min(file.position, frames.last ?? .max))) {
            notices.append(
                .damagedFrames(count: damage.count, first: Double(damage.first) / Double(file.sampleRate)))
        }
        return notices + file.notices + statistics.notices
    }

    /// Of what a segment asks for, as much may be missing without a word, in seconds.
    static let smallestCut = 1.0

    var endsEarly: Bool { isFinished && frames.last.map { file.position < $0 } ?? false }

    /// Whether what was asked for goes up to the recording's end, as far as it is known.
    private var reachesEnd: Bool {
        guard let last = frames.last else { return true }
        return endsEarly || file.frameCount.map { last >= $0 } ?? false
    }

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
        let interleaved = left > 0 ? try read(atMost: left) : []
        if interleaved.isEmpty {
            try end(at: start)
            isFinished = true
            return try resampler?.finish() ?? []
        }
        let block = mono(interleaved)
        if let index = block.firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(start + index) / Double(file.sampleRate))
        }
        note(block, of: interleaved, from: start)
        // Frames that could not be skipped by seeking.
        let needed = block.dropFirst(max(0, surroundings.lowerBound - start))
        guard let resampler else { return needed.count == block.count ? block : Array(needed) }
        if needed.isEmpty { return [] }
        let silence = start == 0 ? max(0, -surroundings.lowerBound) : 0
        return try resampler.process([Float](repeating: 0, count: silence) + needed)
    }

    /// The next frames; none at the end, or where damage begins, if that is accepted for one.
    private func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        do throws(AudioError.Reason) { return try file.read(atMost: limit) } catch {
            guard acceptsTruncated, file.position > 0 else { throw error }
            switch error {
            case .damaged where file.frameCount == nil: lengthNotices.append(.decoder("\(error)", count: 1))
            case .damaged: break
            case .truncated(let declared, let found, .frames) where file.frameCount == nil:
                let rate = Double(file.sampleRate)
                lengthNotices.append(.length(declared: Double(declared) / rate, found: Double(found) / rate))
            case .truncated: break
            default: throw error
            }
            return []
        }
    }

    /// Holds what was read against what was promised.
    private func end(at position: Int) throws(AudioError.Reason) {
        let duration = Double(position) / Double(file.sampleRate)
        if position == file.frameCount {
            let notice = try file.lengthAtEnd()?.notice(duration: duration, acceptsTruncated: acceptsTruncated)
            if let notice { lengthNotices.append(notice) }
        }
        guard position < surroundings.upperBound else { return }
        if let count = file.frameCount, position < count {
            let finding = LengthFinding(unit: .frames, declared: count, found: position)
            let notice = try finding.notice(duration: duration, acceptsTruncated: acceptsTruncated)
            if let notice { lengthNotices.append(notice) }
        }
    }

    /// One sample per frame: that of the channel, or the mean of all of them, computed in double precision, so that it is
    /// the nearest float to the true one.
    private func mono(_ interleaved: [Float]) -> [Float] {
        let count = file.channelCount
        if count == 1 { return interleaved }
        let starts = stride(from: 0, to: interleaved.count, by: count)
        if let channel { return starts.map { interleaved[$0 + channel] } }
        return starts.map { start in
            let sum = interleaved[start..<start + count].reduce(0.0) { $0 + Double($1) }
            return Float(sum / Double(count))
        }
    }

    /// Looks at those of the frames from `start` on that were asked for.
    private func note(_ block: [Float], of interleaved: [Float], from start: Int) {
        let first = min(max(0, frames.first - start), block.count)
        let last = min(max(first, frames.last.map { $0 - start } ?? .max), block.count)
        guard channel == nil, file.channelCount > 1 else { return statistics.add(block[first..<last]) }
        let count = file.channelCount
        statistics.add(block[first..<last], of: interleaved[first * count..<last * count], channelCount: count)
    }

    /// The frames that the samples depend on, and where the first of them lies, in samples from the first one asked for.
    private static func surroundings(
        of frames: (first: Int, last: Int?), in file: any AudioFile
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
        guard segment == nil || frames.first < frameCount else {
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
