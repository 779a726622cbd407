import Files

/// How recordings are read, beside what their bytes say.
package struct AudioDecoding: Sendable, Hashable {
    /// What samples without a header are; nil if recordings say what they are.
    package var raw: RawFormat?
    /// What reads the formats that this program's own decoders don't.
    package var ffmpeg: FFmpeg
    /// Whether recordings that are cut short, or longer than their header says, are read as far as they can be.
    package var acceptsTruncated: Bool

    package init(raw: RawFormat? = nil, ffmpeg: FFmpeg = .unused, acceptsTruncated: Bool = false) {
        self.raw = raw
        self.ffmpeg = ffmpeg
        self.acceptsTruncated = acceptsTruncated
    }

    /// Opens a recording in whatever format it is; a segment with the decoder that `keeper` has, or with one for it.
    func open(
        _ path: String, channel: Int?, segment: Segment?, keeper: KeptFile?
    ) throws(AudioError.Reason) -> (source: any SignalSource, kept: KeptDecoder?) {
        if raw == nil, path.lowercased().hasSuffix(".npy") {
            return (try NumPySignal(path, channel: channel, segment: segment), nil)
        }
        guard let keeper, segment != nil, let key = KeptFile.Key(path: path, decoding: self) else {
            let file: InputFile
            if raw == nil { file = try InputFile(path, mayBe: Self.mayBeAudio) } else { file = try InputFile(path) }
            return (try open(file, channel: channel, segment: segment), nil)
        }
        let known = keeper.take(key)
        let input: InputFile
        if let known { input = known.input } else { input = try InputFile(path) }
        if let array = try array(input, channel: channel, segment: segment) { return (array, nil) }
        let file: any AudioFile
        if let shared = known?.file { file = shared } else { file = try shareable(input) }
        let source = try decoder(file, channel: channel, segment: segment)
        return (source, KeptDecoder(keeper: keeper, key: key, input: input, file: file))
    }

    /// The same for a file that is open already.
    func open(
        _ file: InputFile, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> any SignalSource {
        if let array = try array(file, channel: channel, segment: segment) { return array }
        return try decoder(audio(file), channel: channel, segment: segment)
    }

    private func decoder(
        _ file: any AudioFile, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> SignalDecoder {
        try SignalDecoder(file, channel: channel, segment: segment, acceptsTruncated: acceptsTruncated)
    }

    /// Nil for a file that holds no array.
    private func array(
        _ file: InputFile, channel: Int?, segment: Segment?
    ) throws(AudioError.Reason) -> NumPySignal? {
        guard raw == nil, FileKind(try file.read(FileKind.startLength, at: 0))?.use == .array else { return nil }
        // Through its descriptor, as it may have no name; it is open until then.
        defer { withExtendedLifetime(file) {} }
        return try NumPySignal("/proc/self/fd/\(file.descriptor)", channel: channel, segment: segment)
    }

    /// A decoder that segments can share, whether it goes back or not.
    private func shareable(_ input: InputFile) throws(AudioError.Reason) -> any AudioFile {
        let file = try audio(input)
        guard file.isExact, !file.isSeekable else { return file }
        return RewindableFile(file) { () throws(AudioError.Reason) in try audio(input) }
    }

    private func audio(_ file: InputFile) throws(AudioError.Reason) -> any AudioFile {
        if let raw { return try RawSamples(file, raw) }
        let kind = FileKind(try file.read(FileKind.startLength, at: 0))
        switch kind?.use {
        case .media(let demuxer):
            guard case .program(let program) = ffmpeg else {
                throw .needsFFmpeg(kind?.name ?? "", isMissing: ffmpeg == .missing)
            }
            return try FFmpegStream(file, demuxer: demuxer, program: program, name: kind?.name)
        case .text, .other, .model:
            throw .otherKind("\(kind.map(\.description) ?? "")")
        case .audio, .array, nil:
            do throws(AudioError.Reason) { return try file.audio() } catch {
                guard case .unsupportedCoding = error, case .program(let program) = ffmpeg,
                    let demuxer = try Self.demuxer(file)
                else { throw error }
                return try FFmpegStream(file, demuxer: demuxer, program: program)
            }
        }
    }

    /// ffmpeg's for containers with codings that this program's own decoders don't read.
    private static func demuxer(_ file: InputFile) throws(AudioError.Reason) -> String? {
        let demuxers = ["OggS": "ogg", "fLaC": "flac", "Crea": "voc", "RIFF": "wav", "FORM": "aiff", "caff": "caf"]
        return demuxers[String(decoding: try file.read(4, at: 0), as: UTF8.self)]
    }

    /// Refuses a stream that can't be audio, by its beginning: it may be endless.
    private static func mayBeAudio(_ start: [UInt8], isWhole: Bool) throws(AudioError.Reason) {
        switch FileKind(Array(start.prefix(FileKind.startLength))) {
        case let kind? where kind.use == .text || kind.use == .other || kind.use == .model:
            throw .otherKind(kind.description)
        case nil where !isWhole:
            // What a decoder takes for audio shows in any such part of it, cut short or not.
            do throws(AudioError.Reason) { _ = try InputFile(start).audio() } catch {
                if error == .notAudio { throw error }
            }
        default: return
        }
    }
}
