import CSndfile
import Files
import Foundation

/// What samples without a header are.
package struct RawFormat: Sendable, Hashable, CustomStringConvertible {
    /// Names as ffmpeg has them.
    package enum Encoding: String, Sendable, Hashable, CaseIterable {
        case s8, u8, s16le, s16be, s24le, s24be, s32le, s32be, f32le, f32be, f64le, f64be, mulaw, alaw

        fileprivate var format: Int {
            let encoding =
                switch self {
                case .s8: SF_FORMAT_PCM_S8
                case .u8: SF_FORMAT_PCM_U8
                case .s16le, .s16be: SF_FORMAT_PCM_16
                case .s24le, .s24be: SF_FORMAT_PCM_24
                case .s32le, .s32be: SF_FORMAT_PCM_32
                case .f32le, .f32be: SF_FORMAT_FLOAT
                case .f64le, .f64be: SF_FORMAT_DOUBLE
                case .mulaw: SF_FORMAT_ULAW
                case .alaw: SF_FORMAT_ALAW
                }
            let order = rawValue.hasSuffix("be") ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE
            return Int(encoding) | Int(order) | Int(SF_FORMAT_RAW)
        }

        /// Of one sample.
        fileprivate var byteCount: Int {
            switch self {
            case .s8, .u8, .mulaw, .alaw: 1
            case .s16le, .s16be: 2
            case .s24le, .s24be: 3
            case .s32le, .s32be, .f32le, .f32be: 4
            case .f64le, .f64be: 8
            }
        }
    }

    package let encoding: Encoding
    /// In Hz.
    package let sampleRate: Int
    package let channelCount: Int

    /// The rates and numbers of channels that there can be.
    package static let rates = SoundFile.rates
    package static let channelCounts = 1...1024

    /// - Precondition: The rate and the number of channels are in ``rates`` and ``channelCounts``.
    package init(_ encoding: Encoding, sampleRate: Int, channelCount: Int) {
        precondition(Self.rates.contains(sampleRate) && Self.channelCounts.contains(channelCount))
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    package var description: String { "\(encoding.rawValue), \(sampleRate) Hz, \(channelCount) channels" }

    fileprivate var frameByteCount: Int { encoding.byteCount * channelCount }
}

/// A file of samples without a header, decoded by libsndfile.
final class RawSamples: AudioFile {
    let channelCount: Int
    let sampleRate: Int
    let frameCount: Int?
    let isSeekable = true
    private(set) var position = 0

    private let file: InputFile
    private let handle: OpaquePointer
    /// Interleaved samples of one block.
    private var interleaved: [Float]
    private let blockFrames: Int

    /// - Throws: `.rawWithHeader` if the file has a header after all, `.partialFrame` if it ends within a frame.
    init(_ file: InputFile, _ raw: RawFormat) throws(AudioError.Reason) {
        let start = try file.read(12, at: 0)
        for magic in ["RIFF", "RF64", "fLaC", "OggS", "FORM", "caff", ".snd", "NIST"]
        where start.starts(with: magic.utf8) {
            throw .rawWithHeader(FileKind(try file.read(FileKind.startLength, at: 0))?.name ?? "a \(magic) file")
        }
        guard file.byteCount.isMultiple(of: raw.frameByteCount) else {
            throw .partialFrame(bytes: file.byteCount, frame: raw.frameByteCount)
        }
        var info = SF_INFO()
        info.samplerate = Int32(raw.sampleRate)
        info.channels = Int32(raw.channelCount)
        info.format = Int32(truncatingIfNeeded: raw.encoding.format)
        // libsndfile closes what it fails to open, also when asked not to, so it owns a descriptor of its own.
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .init(code: errno) }
        guard lseek(descriptor, 0, SEEK_SET) == 0, let handle = sf_open_fd(descriptor, Int32(SFM_READ), &info, 1) else {
            throw .damagedHeader("samples without a header")
        }
        self.file = file
        self.handle = handle
        channelCount = raw.channelCount
        sampleRate = raw.sampleRate
        frameCount = file.byteCount / raw.frameByteCount
        blockFrames = max(1, (1 << 16) / raw.channelCount)
        interleaved = [Float](repeating: 0, count: blockFrames * raw.channelCount)
    }

    deinit { sf_close(handle) }

    func seek(to frame: Int) throws(AudioError.Reason) {
        guard sf_seek(handle, sf_count_t(frame), Int32(SEEK_SET)) == frame else {
            throw .damaged(position: Double(frame) / Double(sampleRate), nil)
        }
        position = frame
    }

    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        let wanted = min(limit, blockFrames)
        let count = interleaved.withUnsafeMutableBufferPointer { buffer in
            Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(wanted)))
        }
        position += count
        return Array(interleaved.prefix(count * channelCount))
    }
}
