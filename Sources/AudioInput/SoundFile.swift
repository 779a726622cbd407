import CSndfile
import Foundation
import Synchronization

/// An audio file that libsndfile decodes, open at a frame.
final class SoundFile: FrameSource {
    let channelCount: Int
    /// In Hz; within `rates`.
    let sampleRate: Int
    /// Nil if the header doesn't say.
    let frameCount: Int?
    let isSeekable: Bool
    /// The next frame.
    private(set) var position = 0

    /// Rates that occur; any other is a damaged header.
    static let rates = 1_000...1_000_000

    private let file: InputFile
    private let handle: OpaquePointer
    /// Interleaved samples of one block.
    private var interleaved: [Float]
    private let blockFrames: Int

    /// libsndfile keeps the reason for a failed opening in a global variable, and the MP3 decoder's set-up is not safe
    /// to run twice at once.
    private static let opening = Mutex(())

    init(_ original: InputFile) throws(AudioError.Reason) {
        try TruncationCheck(file: original).check()
        let mpeg = try MPEGStream(original)
        file = mpeg.file
        var info = SF_INFO()
        // libsndfile 1.2.0 closes what it fails to open, also when asked not to, so it owns a descriptor of its own.
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .init(code: errno) }
        let (opened, code) = Self.opening.withLock { _ in
            let opened = sf_open_fd(descriptor, Int32(SFM_READ), &info, 1)
            return (opened.map { UInt(bitPattern: $0) }, sf_error(nil))
        }
        guard let handle = opened.flatMap(OpaquePointer.init(bitPattern:)) else {
            throw code == SF_ERR_UNRECOGNISED_FORMAT ? .notAudio : .damagedHeader(Self.message(code))
        }
        self.handle = handle
        channelCount = Int(info.channels)
        sampleRate = Int(info.samplerate)
        frameCount = mpeg.hasExactLength && info.frames < Int64.max ? Int(info.frames) : nil
        isSeekable = info.seekable != 0
        blockFrames = max(1, (1 << 16) / max(1, channelCount))
        interleaved = [Float](repeating: 0, count: blockFrames * max(1, channelCount))
        guard Self.rates.contains(sampleRate) else { throw .unsupportedRate(sampleRate) }
        guard channelCount > 0, info.frames >= 0 else { throw .damagedHeader("no channels") }
    }

    deinit { sf_close(handle) }

    /// Makes `frame` the next to be read.
    func seek(to frame: Int) throws(AudioError.Reason) {
        guard sf_seek(handle, sf_count_t(frame), Int32(SEEK_SET)) == frame else {
            throw .damaged(position: Double(frame) / Double(sampleRate), Self.message(sf_error(handle)))
        }
        position = frame
    }

    /// Decodes at most `limit` frames, at least one unless the file ends here, to one sample for each: that of the
    /// channel, counted from 0, or with `nil` the mean of all channels.
    func read(atMost limit: Int, channel: Int?) throws(AudioError.Reason) -> [Float] {
        let wanted = min(limit, blockFrames)
        let count = interleaved.withUnsafeMutableBufferPointer { buffer in
            Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(wanted)))
        }
        let code = sf_error(handle)
        guard code == 0 else {
            throw .damaged(position: Double(position + count) / Double(sampleRate), Self.message(code))
        }
        position += count
        return mono(interleaved.prefix(count * channelCount), channel: channel)
    }

    /// libsndfile's words, if they say anything.
    private static func message(_ code: Int32) -> String? {
        guard code != SF_ERR_MALFORMED_FILE, let text = sf_error_number(code).map({ String(cString: $0) }),
            // Its words for an MP3 file that ends before the first frame does.
            !text.hasPrefix("File does not exist"),
            // Its words for a header with a rate or a number of channels that can't be.
            !text.lowercased().contains("internal error")
        else { return nil }
        let words = text.hasPrefix("Error : ") ? text.dropFirst(8) : text[...]
        return String(words.hasSuffix(".") ? words.dropLast() : words)
    }
}
