import Files

/// How recordings are read, beside what their bytes say.
package struct AudioDecoding: Sendable, Hashable {
    /// What samples without a header are; nil if recordings say what they are.
    package var raw: RawFormat?
    /// What reads the formats that this program's own decoders don't.
    package var ffmpeg: FFmpeg

    package init(raw: RawFormat? = nil, ffmpeg: FFmpeg = .unused) {
        self.raw = raw
        self.ffmpeg = ffmpeg
    }

    /// Opens a recording in whatever format it is.
    func open(
        _ path: String, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> any SignalSource {
        if raw == nil, path.lowercased().hasSuffix(".npy") {
            return try NumPySignal(path, channel: channel, segment: segment)
        }
        let file =
            if raw == nil { try InputFile(path, mayBe: Self.mayBeAudio) } else { try InputFile(path, mayBe: nil) }
        return try open(file, channel: channel, segment: segment)
    }

    /// The same for a file that is open already.
    func open(
        _ file: InputFile, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> any SignalSource {
        if let raw {
            return try SignalDecoder(RawSamples(file, raw), channel: channel, segment: segment)
        }
        let kind = FileKind(try file.read(FileKind.startLength, at: 0))
        switch kind?.use {
        case .array:
            // Through its descriptor, as it may have no name; it is open until then.
            defer { withExtendedLifetime(file) {} }
            return try NumPySignal("/proc/self/fd/\(file.descriptor)", channel: channel, segment: segment)
        case .media(let demuxer):
            guard case .program(let program) = ffmpeg else {
                throw .needsFFmpeg(kind?.name ?? "", isMissing: ffmpeg == .missing)
            }
            let stream = try FFmpegStream(file, demuxer: demuxer, program: program)
            return try SignalDecoder(stream, channel: channel, segment: segment)
        case .text, .other, .model:
            throw .otherKind("\(kind.map(\.description) ?? "")")
        case .audio, nil:
            return try SignalDecoder(SoundFile(file), channel: channel, segment: segment)
        }
    }

    /// Refuses a stream that can't be audio, by its beginning: it may be endless.
    private static func mayBeAudio(_ start: [UInt8], isWhole: Bool) throws(AudioError.Reason) {
        switch FileKind(Array(start.prefix(FileKind.startLength))) {
        case let kind? where kind.use == .text || kind.use == .other || kind.use == .model:
            throw .otherKind(kind.description)
        case nil where !isWhole:
            // What a decoder takes for audio shows in any such part of it, cut short or not.
            do throws(AudioError.Reason) { _ = try SoundFile(InputFile(start)) } catch {
                if error == .notAudio { throw error }
            }
        default: return
        }
    }
}

/// What SignalDecoder takes frames from: an open recording at its own rate and with its own channels.
protocol FrameSource: AnyObject {
    var channelCount: Int { get }
    /// In Hz; within `SoundFile.rates`.
    var sampleRate: Int { get }
    /// Nil if it isn't known.
    var frameCount: Int? { get }
    var isSeekable: Bool { get }
    /// The next frame.
    var position: Int { get }
    /// What is doubtful, as far as it has been read.
    var notices: [AudioNotice] { get }

    /// Makes `frame` the next to be read.
    func seek(to frame: Int) throws(AudioError.Reason)
    /// At most `limit` frames, at least one unless the recording ends here, as one sample each: that of the channel,
    /// counted from 0, or with `nil` the mean of all channels.
    func read(atMost limit: Int, channel: Int?) throws(AudioError.Reason) -> [Float]
}

extension FrameSource {
    var notices: [AudioNotice] { [] }

    /// One sample per frame; averaged in double precision, so that the result is the nearest float to the true mean.
    func mono(_ samples: ArraySlice<Float>, channel: Int?) -> [Float] {
        if channelCount == 1 { return Array(samples) }
        let starts = stride(from: samples.startIndex, to: samples.endIndex, by: channelCount)
        if let channel { return starts.map { samples[$0 + channel] } }
        return starts.map { start in
            let sum = samples[start..<start + channelCount].reduce(0.0) { $0 + Double($1) }
            return Float(sum / Double(channelCount))
        }
    }
}
