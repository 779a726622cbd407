import NumPyFiles

/// A signal at 16 kHz in a `.npy` file, `[n]` or `[1, n]`, float32 or float64, read piece by piece.
final class NumPySignal: SignalSource {
    var promisedCount: Int? { last - first }
    let channelCount = 1
    private(set) var endsEarly = false
    var decodedDuration: Double { Double(position - first) / Double(Signal.sampleRate) }

    private let file: NPYSequence
    private let first: Int
    private let last: Int
    /// Whether the segment goes beyond the end.
    private let isCut: Bool
    private var position: Int
    private let segment: Segment?
    private var statistics = SignalStatistics()

    /// In samples.
    private static let pieceLength = 1 << 18

    init(_ path: String, channel: Int?, segment: Segment?) throws(AudioError.Reason) {
        do { file = try NPYSequence(path) } catch {
            if case .cannotOpen(let code) = error.reason { throw .init(code: code) }
            throw .numPy(error.reason)
        }
        switch try Self.elements(0..<0, of: file) {
        case .float32, .float64: break
        default: throw .signalType
        }
        guard file.shape.count == 1 || (file.shape.count == 2 && file.shape[0] == 1) else {
            throw .signalShape(file.shape)
        }
        if let channel, channel != 0 { throw .noSuchChannel(channel, available: 1) }
        let end: Int?
        (first, end) = try segment?.frames(rate: Signal.sampleRate) ?? (0, nil)
        guard segment == nil || first < file.count else {
            throw .segmentBeyondEnd(first: first, count: file.count)
        }
        self.segment = segment
        position = first
        let count = file.count
        last = min(end ?? count, count)
        isCut = end.map { $0 > count } ?? false
    }

    var notices: [AudioNotice] {
        var notices = statistics.notices
        if endsEarly, let end = segment?.end {
            let found = Double(last) / Double(Signal.sampleRate)
            if end - found >= SignalDecoder.smallestCut { notices.insert(.segmentCut(end: end, found: found), at: 0) }
        }
        return notices
    }

    /// The next samples, all finite; none at the end.
    func next() throws(AudioError.Reason) -> [Float] {
        let start = position
        position = min(start + Self.pieceLength, last)
        let samples: [Float]
        switch try Self.elements(start..<position, of: file) {
        case .float32(let values): samples = values
        case .float64(let values): samples = values.map(Float.init)
        default: throw .signalType
        }
        if let index = samples.firstIndex(where: { !$0.isFinite }) {
            throw .nonFinite(position: Double(start + index) / Double(Signal.sampleRate))
        }
        statistics.add(samples[...])
        if position == last { endsEarly = isCut }
        return samples
    }

    private static func elements(
        _ range: Range<Int>, of file: NPYSequence
    ) throws(AudioError.Reason) -> NPYArray.Elements {
        do { return try file.elements(range) } catch { throw .numPy(error.reason) }
    }
}
