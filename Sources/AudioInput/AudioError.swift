import Files
import Foundation
import NumPyFiles

/// Why a recording can't be used, and what would be right.
public struct AudioError: Error, Equatable, CustomStringConvertible {
    /// The path as it was given, or "standard input".
    public let file: String
    /// What is wrong.
    public let reason: Reason

    /// An error about a recording, named as messages should name it.
    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    /// One line: the recording, what is wrong and what would be right.
    public var description: String { "\(file): \(reason)" }

    /// What is wrong with a recording, or with what was asked of it.
    public enum Reason: Error, Equatable, Sendable {
        // MARK: The file

        case notFound
        case isDirectory
        case permissionDenied
        /// It could not be opened or read for another reason, with the system's `errno`.
        case cannotRead(code: Int32)
        /// A stream and recordings in memory are first copied to the temporary folder; that failed with
        /// this `errno`.
        case cannotCopy(code: Int32)
        case empty
        /// A stream of more bytes than the limit.
        case tooLarge(limit: Int)

        // MARK: Its content

        /// In no format that is known.
        case notAudio
        /// With what it is instead and, if something can be done about it, what.
        case otherKind(String)
        /// Audio in a format that only ffmpeg reads, by its name; `isMissing` if it was looked for.
        case needsFFmpeg(String, isMissing: Bool)
        /// ffmpeg, which is needed to read it, could not be started, with the system's `errno`.
        case ffmpegNotStarted(code: Int32)
        /// ffmpeg found no audio in it, with its words.
        case ffmpegFailed(String)
        /// The file has a header, though samples without one were announced; with what it is.
        case rawWithHeader(String)
        /// Samples without a header that end within a frame; its size in bytes.
        case partialFrame(bytes: Int, frame: Int)
        /// A header that can't be read, with libsndfile's words, if it has any.
        case damagedHeader(String?)
        /// It can't be decoded from this position in seconds on, with libsndfile's words, if it has any.
        case damaged(position: Double, String?)
        /// The header promises more audio than there is.
        case truncated(declared: Int, found: Int, unit: Unit)
        /// More audio than the header declares follows it, in bytes.
        case further(declared: Int, further: Int)
        /// A coding that isn't read, and what makes another of it.
        case unsupportedCoding(String, remedy: String)
        /// A sample rate in Hz that no recording has.
        case unsupportedRate(Int)
        /// A sample that is infinite or not a number, at this position in seconds.
        case nonFinite(position: Double)
        case noSamples
        /// Fewer samples at 16 kHz than asked for.
        case tooShort(samples: Int, minimum: Int)
        /// More seconds than are read into one signal.
        case tooLong(duration: Double)
        /// A recording that takes more memory to score than there is: its duration in seconds, as far as it is known, and
        /// bytes.
        case needsMemory(duration: Double, bytes: Int)
        /// With soxr's words.
        case resamplingFailed(String)

        // MARK: What was asked of it

        /// The channel, counted from 0, and how many there are; the message counts from 1.
        case noSuchChannel(Int, available: Int)
        /// In seconds; `0 ≤ start < end` is needed.
        case invalidSegment(start: Double, end: Double?)
        /// The first sample asked for, and how many there are at 16 kHz.
        case segmentBeyondEnd(first: Int, count: Int)

        // MARK: Signals in .npy files

        /// The file can't be read as an array.
        case numPy(NumPyError.Reason)
        /// An array of a shape other than `[n]` and `[1, n]`.
        case signalShape([Int])
        /// Elements that are neither float32 nor float64.
        case signalType

        /// Whether the system failed and not the recording, so that another try may succeed.
        public var isSystemFailure: Bool {
            switch self {
            case .cannotCopy, .ffmpegNotStarted: true
            case .cannotRead(let code):
                [EMFILE, ENFILE, ENOMEM, EIO, ESTALE, ENOSPC, EDQUOT, ETIMEDOUT, ENETDOWN, ENODEV, ENXIO].contains(code)
            default: false
            }
        }

        /// From the `errno` of a file that could not be opened or read.
        init(code: Int32) {
            switch code {
            case ENOENT, ENOTDIR: self = .notFound
            case EACCES, EPERM: self = .permissionDenied
            case EISDIR: self = .isDirectory
            default: self = .cannotRead(code: code)
            }
        }
    }

    /// The unit in which a header gives the audio's length.
    public enum Unit: String, Sendable {
        case bytes, frames
    }
}

extension AudioError.Reason: CustomStringConvertible {
    /// What is wrong and what would be right.
    public var description: String {
        switch self {
        case .notFound: "no such file"
        case .isDirectory: "a folder, where an audio file is expected"
        case .permissionDenied: "no permission to read it"
        case .cannotRead(let code): "cannot be read: \(SystemError(code))"
        case .cannotCopy(let code): "cannot be copied to the temporary folder: \(SystemError(code))"
        case .empty: "empty; an audio file is expected"
        case .tooLarge(let limit): "more than \(limit) bytes came through the pipe; give it as a file"

        case .notAudio: "not audio in a known format, such as WAV, FLAC, OGG, MP3 or AIFF"
        case .otherKind(let kind): "not audio but \(kind)"
        case .needsFFmpeg(let kind, let isMissing):
            "\(kind); ffmpeg reads it, and is not \(isMissing ? "installed" : "used")"
        case .ffmpegNotStarted(let code): "ffmpeg cannot be started: \(SystemError(code))"
        case .ffmpegFailed(let words): "ffmpeg finds no audio in it (\(words))"
        case .rawWithHeader(let kind): "\(kind), which says what it holds; samples without a header were expected"
        case .partialFrame(let bytes, let frame): "\(bytes) bytes are not a whole number of frames of \(frame) bytes"
        case .damagedHeader(let detail): "an audio header that cannot be read" + Self.parenthesis(detail)
        case .damaged(let position, let detail):
            "truncated or damaged after \(Self.seconds(position))" + Self.parenthesis(detail)
        case .truncated(let declared, let found, let unit):
            "truncated: its header promises \(declared) \(unit) of audio, but there are \(found)"
        case .further(let declared, let further):
            "its header promises \(declared) bytes of audio, but \(further) more follow that are no chunk"
        case .unsupportedCoding(let coding, let remedy): "\(coding), which is not read; \(remedy)"
        case .unsupportedRate(let rate):
            "a sample rate of \(rate) Hz; \(SoundFile.rates.lowerBound) to \(SoundFile.rates.upperBound) Hz are supported"
        case .nonFinite(let position):
            "not a number or infinite at \(Self.seconds(position)); all samples must be finite"
        case .noSamples: "no samples"
        case .tooShort(let samples, let minimum):
            "\(samples) samples at 16 kHz (\(Self.milliseconds(samples))) are too short; "
                + "the model needs at least \(minimum) (\(Self.milliseconds(minimum)))"
        case .tooLong(let duration):
            "\(Self.seconds(duration)) is too long for one signal; "
                + "give segments of at most \(Self.seconds(AudioReader.maximumDuration))"
        case .needsMemory(let duration, let bytes):
            // Without what is free: that differs from run to run, and the same run writes the same errors.
            "\(Self.length(duration)) need \(Self.size(bytes)) of memory at once, and less is free"
        case .resamplingFailed(let message): "cannot be resampled to 16 kHz: \(message)"

        case .noSuchChannel(let channel, let available):
            "no channel \(channel + 1); it has \(available), counted from 1"
        case .invalidSegment(let start, let end):
            "impossible segment from \(Self.seconds(start)) to \(end.map(Self.seconds) ?? "the end"); "
                + "0 ≤ start < end is needed"
        case .segmentBeyondEnd(let first, let count):
            "the segment starts at \(Self.seconds(samples: first)), but the file ends at \(Self.seconds(samples: count))"

        case .numPy(let reason): "\(reason)"
        case .signalShape(let shape):
            "a signal of shape (\(shape.map(String.init).joined(separator: ", "))); (n,) or (1, n) is expected"
        case .signalType: "not a float32 signal; samples are expected as float32 or float64, about -1 to 1, at 16 kHz"
        }
    }

    private static func parenthesis(_ detail: String?) -> String { detail.map { " (\($0))" } ?? "" }

    private static func seconds(_ value: Double) -> String { String(format: "%.3f s", value) }

    /// To the sample: one is a sixteenth of a millisecond.
    private static func milliseconds(_ samples: Int) -> String {
        String(format: "%.4g ms", Double(samples) * 1000 / Double(Signal.sampleRate))
    }

    /// As one says how long something is: `45 s`, `10 min`, `23.8 h`.
    private static func length(_ seconds: Double) -> String {
        switch seconds {
        case ..<119.5: String(format: "%.*f s", seconds < 9.95 ? 1 : 0, seconds)
        case ..<7170: "\(Int((seconds / 60).rounded())) min"
        default: String(format: "%.1f h", seconds / 3600)
        }
    }

    /// In units of 1000.
    private static func size(_ bytes: Int) -> String {
        bytes < 1_000_000_000
            ? "\(Int((Double(bytes) / 1e6).rounded(.up))) MB"
            : String(format: "%.1f GB", (Double(bytes) / 1e8).rounded(.up) / 10)
    }

    private static func seconds(samples: Int) -> String {
        seconds(Double(samples) / Double(Signal.sampleRate))
    }
}
