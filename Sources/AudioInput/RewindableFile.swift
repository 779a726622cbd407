/// A file that can only be decoded forward, with what was decoded last, so that the next segment may begin before the end
/// of the one before. Other ways back begin at the file's beginning.
final class RewindableFile: AudioFile {
    let channelCount: Int
    let sampleRate: Int
    let frameCount: Int?
    let isSeekable = true
    private(set) var position = 0

    private var file: any AudioFile
    private let again: () throws(AudioError.Reason) -> any AudioFile
    /// The samples that were decoded last, up to the decoder's position, interleaved.
    private var recent: [Float] = []

    /// How much of them is kept at least, in seconds, but for files of many channels.
    private static let memory = 30
    private static let mostSamples = 1 << 21

    /// `again` opens the same file again.
    init(_ file: any AudioFile, again: @escaping () throws(AudioError.Reason) -> any AudioFile) {
        self.file = file
        self.again = again
        channelCount = file.channelCount
        sampleRate = file.sampleRate
        frameCount = file.frameCount
    }

    var declaredFrameCount: Int? { file.declaredFrameCount }
    var lengths: [ContainerLength] { file.lengths }
    var notices: [AudioNotice] { file.notices }

    func damage(in frames: Range<Int>) -> (count: Int, first: Int)? { file.damage(in: frames) }

    func seek(to frame: Int) throws(AudioError.Reason) {
        if frame < file.position - recent.count / channelCount {
            file = try again()
            recent = []
        }
        position = frame
    }

    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        while file.position <= position {
            let piece = try file.read(atMost: 1 << 16)
            guard !piece.isEmpty else {
                position = file.position
                return []
            }
            let most = min(Self.memory * sampleRate, Self.mostSamples / channelCount) * channelCount
            if recent.count > 2 * most { recent.removeFirst(recent.count - most) }
            recent += piece
        }
        let first = recent.count - (file.position - position) * channelCount
        let count = min(file.position - position, limit, 1 << 16) * channelCount
        let samples = Array(recent[first..<first + count])
        position += count / channelCount
        return samples
    }
}
