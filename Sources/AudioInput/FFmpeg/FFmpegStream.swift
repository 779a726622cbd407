import Files
import Foundation

/// A recording that ffmpeg decodes, at its own rate and with its own channels, as it comes out of ffmpeg's pipe.
///
/// ffmpeg gets the open file and the one demuxer that its first bytes call for, and may read files alone: no name is
/// handed over, and a file that refers to others or to addresses leads nowhere.
final class FFmpegStream: AudioFile {
    let channelCount: Int
    let sampleRate: Int
    let frameCount: Int? = nil
    let isSeekable = false
    private(set) var position = 0
    private(set) var notices: [AudioNotice] = []

    private let process: BoundedProcess
    /// Its format, for errors.
    private let name: String?
    /// Bytes that are not a whole frame yet.
    private var rest: [UInt8]
    private var isFinished = false

    /// The first part of an AU file: magic number, header size, data size, encoding, rate, channels.
    private static let headerSize = 24
    private static let pieceLength = 1 << 18

    init(
        _ file: InputFile, demuxer: String, program: String, name: String? = nil,
        limits: BoundedProcess.Limits = BoundedProcess.Limits()
    ) throws(AudioError.Reason) {
        self.name = name
        // Its place is shared with what else reads the file, so ffmpeg opens it again.
        let arguments = [
            "-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", "-threads", "1",
            "-protocol_whitelist", "file,pipe", "-f", demuxer, "-i", "file:/proc/self/fd/0",
            "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1",
            "-c:a", "pcm_f32be", "-f", "au", "pipe:1",
        ]
        do throws(SystemError) {
            process = try BoundedProcess(program, arguments, input: file.descriptor, limits: limits)
        } catch {
            throw .ffmpegNotStarted(code: error.code)
        }
        var bytes: [UInt8] = []
        while bytes.count < Self.headerSize || bytes.count < Self.size(bytes) {
            let piece = try Self.next(process, position: 0)
            if piece.isEmpty { break }
            bytes += piece
        }
        guard bytes.count >= Self.headerSize, bytes.count >= Self.size(bytes), bytes.starts(with: ".snd".utf8) else {
            _ = try? process.finish()
            throw Self.failure(process, name) ?? Self.failed(name, "no audio")
        }
        sampleRate = Self.integer(bytes[16..<20])
        channelCount = Self.integer(bytes[20..<24])
        rest = Array(bytes[Self.size(bytes)...])
        guard SoundFile.rates.contains(sampleRate) else { throw .unsupportedRate(sampleRate) }
        guard (1...1024).contains(channelCount) else { throw .damagedHeader("\(channelCount) channels") }
    }

    func seek(to frame: Int) throws(AudioError.Reason) {
        throw .damaged(position: Double(frame) / Double(sampleRate), "a stream")
    }

    func read(atMost limit: Int) throws(AudioError.Reason) -> [Float] {
        let frameSize = 4 * channelCount
        while rest.count < frameSize, !isFinished {
            let piece = try Self.next(process, position: seconds)
            rest += piece
            if piece.isEmpty { try finish() }
        }
        let count = min(limit, rest.count / frameSize)
        let samples = rest.withUnsafeBytes { bytes in
            (0..<count * channelCount).map { index in
                Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
        }
        rest.removeFirst(count * frameSize)
        position += count
        return samples
    }

    private var seconds: Double { Double(position) / Double(sampleRate) }

    /// ffmpeg ends well even if it couldn't decode all; it says so only.
    private func finish() throws(AudioError.Reason) {
        isFinished = true
        let status: Int32
        do throws(BoundedProcess.Failure) { status = try process.finish() } catch {
            throw Self.reason(error, position: seconds)
        }
        let messages = FFmpegMessages(process.messages)
        if status == 0, position == 0 { throw Self.failure(process, name) ?? Self.failed(name, "it gives no samples") }
        if status != 0 {
            let signal = status < 0 ? "ended by signal \(-status)" : "exit status \(status)"
            throw .damaged(position: seconds, "ffmpeg: \(messages.worst ?? signal)")
        }
        if let words = messages.truncation { throw .damaged(position: seconds, "ffmpeg: \(words)") }
        if let declared = messages.declaredDuration, declared - seconds > max(0.1, declared / 100) {
            let frames = (declared * Double(sampleRate)).rounded()
            throw .truncated(declared: Int(clamping: Int64(exactly: frames) ?? .max), found: position, unit: .frames)
        }
        if let words = messages.worst { notices.append(.decoder("ffmpeg: \(words)", count: messages.count)) }
        if messages.audioStreams > 1 {
            notices.append(.decoder("only the first of \(messages.audioStreams) audio streams is scored", count: 1))
        }
    }

    // MARK: The process

    private static func next(
        _ process: BoundedProcess, position: Double
    ) throws(AudioError.Reason) -> [UInt8] {
        do throws(BoundedProcess.Failure) { return try process.read(atMost: pieceLength) } catch {
            throw reason(error, position: position)
        }
    }

    private static func reason(_ failure: BoundedProcess.Failure, position: Double) -> AudioError.Reason {
        switch failure {
        case .system(let error): .cannotRead(code: error.code)
        case .silent(let seconds):
            .damaged(position: position, "ffmpeg gave nothing for \(Int(seconds)) s and was ended")
        }
    }

    /// Why there is no audio at all.
    private static func failure(_ process: BoundedProcess, _ name: String?) -> AudioError.Reason? {
        let messages = FFmpegMessages(process.messages)
        if messages.worst?.contains("matches no streams") == true { return failed(name, "no audio stream") }
        return messages.worst.map { failed(name, $0) }
    }

    private static func failed(_ name: String?, _ words: String) -> AudioError.Reason {
        .ffmpegFailed(name.map { "\($0): \(words)" } ?? words)
    }

    // MARK: The header

    private static func size(_ bytes: [UInt8]) -> Int {
        bytes.count < 8 ? headerSize : min(max(headerSize, integer(bytes[4..<8])), 1 << 20)
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
