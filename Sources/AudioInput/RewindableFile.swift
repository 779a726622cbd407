/// A file that can only be decoded forward, with what was decoded last, so that the next segment may begin before the end
/// of the one before. Other ways back begin at the file's beginning.
final class RewindableFile: AudioFile {
    let channelCount: Int
    let sampleRate: Int
    let frameCount: Int?
    let isSeekable = true
    let isExact = true
    private(set) var position = 0

    private var file: any AudioFile
    private let channel: Int?
    private let again: () throws(AudioError.Reason) -> any AudioFile
    /// The samples that were decoded last, up to the decoder's position.
    private var recent: [Float] = []

    /// How much of them is kept at least, in seconds.
    private static let memory = 30

    /// `again` opens the same file anew; only `channel` is read.
    init(_ file: any AudioFile, channel: Int?, again: @escaping () throws(AudioError.Reason) -> any AudioFile) {
        self.file = file
        self.channel = channel
        self.again = again
        channelCount = file.channelCount
        sampleRate = file.sampleRate
        frameCount = file.frameCount
    }

    var declaredFrameCount: Int? { file.declaredFrameCount }

    func damage(in frames: Range<Int>) -> (count: Int, first: Int)? { file.damage(in: frames) }

    func seek(to frame: Int) throws(AudioError.Reason) {
        if frame < file.position - recent.count {
            file = try again()
            recent = []
        }
        position = frame
    }

    /// - Precondition: `channel` is the one that the file was made for.
    func read(atMost limit: Int, channel: Int?) throws(AudioError.Reason) -> [Float] {
        precondition(channel == self.channel)
        while file.position <= position {
            let piece = try file.read(atMost: .max, channel: channel)
            guard !piece.isEmpty else {
                position = file.position
                return []
            }
            let most = Self.memory * sampleRate
            if recent.count > 2 * most { recent.removeFirst(recent.count - most) }
            recent += piece
        }
        let first = recent.count - (file.position - position)
        let samples = Array(recent[first..<min(recent.count, first + min(limit, 1 << 16))])
        position += samples.count
        return samples
    }
}
