import Foundation
import NumPyFiles

/// Why a recording cannot be used, and what would be right.
public struct AudioError: Error, Equatable, CustomStringConvertible {
    /// The path as it was given, or "standard input".
    public let file: String
    public let reason: Reason

    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    public var description: String { "\(file): \(reason)" }

    public enum Reason: Error, Equatable, Sendable {
        // The file.
        case notFound
        case isDirectory
        case permissionDenied
        /// Another system call failed with this `errno`.
        case cannotRead(code: Int32)
        case empty
        case tooLarge(limit: Int)

        // What is in it.
        case notAudio
        /// With libsndfile's words, if it has any.
        case damagedHeader(String?)
        /// At this many seconds.
        case damaged(position: Double, String?)
        case truncated(declared: Int, found: Int, unit: Unit)
        case unsupportedRate(Int)
        case nonFinite(position: Double)
        case noSamples
        case tooShort(samples: Int, minimum: Int)
        case tooLong(duration: Double)
        case resamplingFailed(String)

        // What was asked of it.
        /// Counted from 0, as in the interface; the message counts from 1.
        case noSuchChannel(Int, available: Int)
        case invalidSegment(start: Double, end: Double?)
        /// The first sample asked for, and how many there are at 16 kHz.
        case segmentBeyondEnd(first: Int, count: Int)

        // NumPy signals.
        case numPy(NumPyError.Reason)
        case signalShape([Int])
        case signalType

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

    public enum Unit: String, Sendable {
        case bytes, frames
    }
}

extension AudioError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound: "no such file"
        case .isDirectory: "a folder, where an audio file is expected"
        case .permissionDenied: "no permission to read it"
        case .cannotRead(let code): "cannot be read: \(String(cString: strerror(code)))"
        case .empty: "empty; an audio file is expected"
        case .tooLarge(let limit): "more than \(limit) bytes came through the pipe; give it as a file"

        case .notAudio: "not audio in a known format, such as WAV, FLAC, OGG, MP3 or AIFF"
        case .damagedHeader(let detail): "an audio header that cannot be read" + Self.parenthesis(detail)
        case .damaged(let position, let detail):
            "truncated or damaged after \(Self.seconds(position))" + Self.parenthesis(detail)
        case .truncated(let declared, let found, let unit):
            "truncated: its header promises \(declared) \(unit) of audio, but there are \(found)"
        case .unsupportedRate(let rate):
            "a sample rate of \(rate) Hz; \(SoundFile.rates.lowerBound) to \(SoundFile.rates.upperBound) Hz are supported"
        case .nonFinite(let position):
            "not a number or infinite at \(Self.seconds(position)); all samples must be finite"
        case .noSamples: "no samples"
        case .tooShort(let samples, let minimum):
            "\(Self.seconds(samples: samples)) (\(samples) samples at 16 kHz) is too short; "
                + "the model needs at least \(minimum) samples (\(Self.seconds(samples: minimum)))"
        case .tooLong(let duration):
            "\(Self.seconds(duration)) is too long for one signal; "
                + "give segments of at most \(Self.seconds(AudioReader.maximumDuration))"
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

    private static func seconds(samples: Int) -> String {
        seconds(Double(samples) / Double(Signal.sampleRate))
    }
}
