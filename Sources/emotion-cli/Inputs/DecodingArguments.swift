import ArgumentParser
import AudioInput
import Files

/// How recordings are read, beside what their bytes say.
struct DecodingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Recordings are samples without a header, in this encoding; needs --rate.",
            discussion: "One of \(RawFormat.Encoding.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "encoding"))
    var raw: RawFormat.Encoding?

    @Option(help: ArgumentHelp("The rate of --raw samples.", valueName: "hz"))
    var rate: Int?

    @Option(help: ArgumentHelp("The number of channels of --raw samples. Default: 1.", valueName: "n"))
    var channels: Int?

    @Option(
        help: ArgumentHelp(
            "The ffmpeg program that reads M4A, MP4, WebM, AAC, WMA and others, or no. Default: that on PATH.",
            valueName: "path|no"))
    var ffmpeg: String?

    @OptionGroup var truncation: TruncationArgument

    func validate() throws {
        if raw != nil, rate == nil { throw ValidationError("--raw needs --rate HZ, such as --rate 8000") }
        if raw == nil, rate != nil || channels != nil {
            throw ValidationError("\(rate != nil ? "--rate" : "--channels") needs --raw ENCODING, such as --raw s16le")
        }
        if let rate, !RawFormat.rates.contains(rate) {
            throw ValidationError(
                "--rate \(rate): \(RawFormat.rates.lowerBound) to \(RawFormat.rates.upperBound) Hz are supported")
        }
        if let channels, !RawFormat.channelCounts.contains(channels) {
            throw ValidationError(
                "--channels \(channels): there can be 1 to \(RawFormat.channelCounts.upperBound) channels")
        }
        if let ffmpeg, ffmpeg != "no", !FFmpeg.isProgram(ffmpeg) {
            throw ValidationError("--ffmpeg \(printable(ffmpeg)): no such program; its path, or no, is needed")
        }
    }

    var decoding: AudioDecoding {
        let format = raw.flatMap { raw in
            rate.map { RawFormat(raw, sampleRate: $0, channelCount: channels ?? 1) }
        }
        let program: FFmpeg =
            switch ffmpeg {
            case "no": .unused
            case let path?: .program(path)
            case nil: .installed()
            }
        return AudioDecoding(raw: format, ffmpeg: program, acceptsTruncated: truncation.isAccepted)
    }
}

/// What becomes of recordings that are not as long as their headers say.
struct TruncationArgument: ParsableArguments {
    @Flag(
        name: .customLong("accept-truncated"),
        help: ArgumentHelp(
            "Score what there is of recordings that are cut short, or damaged from some place on.",
            discussion: "Default: an error, unless less than 0.1 s or 1 % is missing. Either way, a notice says so."))
    var isAccepted = false
}

extension RawFormat.Encoding: ExpressibleByArgument {}
