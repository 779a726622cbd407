/// Several recordings in one file, one behind the other, decoded as one.
final class ChainedFile: AudioFile {
    let channelCount: Int
    let sampleRate: Int
    let frameCount: Int?
    let lengths: [ContainerLength]
    let isSeekable: Bool
    let isExact: Bool
    let notices: [AudioNotice]
    private(set) var position = 0

    private let parts: [Part]
    /// Whether recordings of another rate or number of channels follow.
    private let isCut: Bool
    /// The part that is being decoded.
    private var current: (index: Int, file: SoundFile)?

    private struct Part {
        let view: FileView
        let extent: AudioExtent?
        /// The first of its frames, and how many they are.
        let start: Int
        let count: Int
    }

    init(
        _ views: [(FileView, AudioExtent?)], whole: AudioExtent, notices: [AudioNotice]
    ) throws(AudioError.Reason) {
        var parts: [Part] = []
        var lengths: [ContainerLength] = []
        var format: (channels: Int, rate: Int)?
        var (isExact, isCut, start) = (true, false, 0)
        for (view, extent) in views {
            let file = try SoundFile(view, extent)
            if let format, format != (file.channelCount, file.sampleRate) {
                isCut = true
                break
            }
            guard let count = file.frameCount else { throw .damagedHeader("a recording without a length among others") }
            format = (file.channelCount, file.sampleRate)
            parts.append(Part(view: view, extent: extent, start: start, count: count))
            start += count
            lengths += file.lengths
            isExact = isExact && file.isExact && file.isSeekable
        }
        guard let format else { throw .notAudio }
        (channelCount, sampleRate) = format
        if let length = whole.length {
            lengths.append(.finding(length, duration: Double(start) / Double(format.rate)))
        }
        self.parts = parts
        self.lengths = lengths
        self.isExact = isExact
        self.isCut = isCut
        self.notices = notices
        // Only reading leads to what can't be decoded.
        frameCount = isCut ? nil : start
        isSeekable = !isCut
    }

    /// Recordings of one format with headers of their own.
    convenience init(joined whole: FileView, first: AudioExtent) throws(AudioError.Reason) {
        var parts: [(FileView, AudioExtent?)] = []
        var (view, extent) = (whole, first)
        while let next = extent.next {
            parts.append((view.part(upTo: next, patches: []), extent))
            view = view.rest(from: next)
            guard let following = try AudioExtent(view) else { break }
            extent = following
        }
        parts.append((view, extent))
        try self.init(parts, whole: AudioExtent(), notices: [.joined(count: parts.count)])
    }

    func seek(to frame: Int) throws(AudioError.Reason) {
        // Behind the end, nothing is left to be read.
        guard let index = parts.lastIndex(where: { $0.start <= frame }) else { return }
        try open(index)
        try current?.file.seek(to: min(frame - parts[index].start, parts[index].count))
        position = frame
    }

    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        if current == nil { try open(0) }
        while let (index, file) = current {
            let samples = try file.read(atMost: limit)
            if !samples.isEmpty || limit == 0 {
                position += samples.count / channelCount
                return samples
            }
            if file.position < parts[index].count {
                throw .truncated(declared: parts[index].count, found: file.position, unit: .frames)
            }
            if index + 1 == parts.count { break }
            try open(index + 1)
        }
        if isCut {
            throw .damaged(
                position: Double(position) / Double(sampleRate), "its sample rate or number of channels changes")
        }
        return []
    }

    private func open(_ index: Int) throws(AudioError.Reason) {
        if current?.index == index { return }
        current = (index, try SoundFile(parts[index].view, parts[index].extent))
    }
}
