import Foundation

/// What is doubtful about a recording that is read all the same.
///
/// Positions and durations are in seconds of the recording.
public enum AudioNotice: Sendable, Hashable {
    // MARK: Its length

    /// The container declares another length than was decoded; nil if it declares none that can be meant.
    case length(declared: Double?, found: Double)
    /// Bytes that are no chunk and no tag follow the audio that its header declares.
    case furtherBytes(Int)
    /// Its format declares no length, so that nothing shows whether some of it is missing.
    case noLength(format: String)
    /// It ends within a frame or a page.
    case incompleteEnd
    /// An Ogg file whose last page doesn't say that it is the last.
    case noEndMark
    /// Several recordings lie in one file, and are read as one.
    case joined(count: Int)
    /// The recording ends before the segment that was asked for does.
    case segmentCut(end: Double, found: Double)

    // MARK: Its coding

    /// Stretches that can't be decoded were passed over; the first is at this position.
    case damagedFrames(count: Int, first: Double)

    /// A decoder's own words, the first of as many as the count says.
    case decoder(String, count: Int)

    // MARK: Its samples

    /// Averaged, the channels cancel each other.
    case cancelledChannels
    /// All samples are zero.
    case silence
    /// The largest absolute value of a sample, if it is far outside −1 to 1.
    case outOfRange(peak: Float)
}

extension AudioNotice: CustomStringConvertible {
    /// What was found and, if something can be done about it, what.
    public var description: String {
        switch self {
        case .length(let declared?, let found):
            Self.apart(declared, found) { "its header declares \($0), and \($1) were found" }
        case .length(nil, let found):
            "its header declares no length that can be meant; \(Self.seconds(found)) were found"
        case .furtherBytes(let count):
            count == 1
                ? "1 byte that is neither audio nor a chunk follows what its header declares"
                : "\(count) bytes that are neither audio nor a chunk follow what its header declares"
        case .noLength(let format):
            "its format, \(format), declares no length; nothing would show that some of it is missing"
        case .incompleteEnd: "it ends in the middle of a frame; some of it may be missing"
        case .noEndMark: "its last page is not marked as the last; some of it may be missing"
        case .joined(let count): "\(count) recordings in one file, scored as one"
        case .segmentCut(let end, let found):
            "the segment ends at \(Self.seconds(end)), and the recording at \(Self.seconds(found))"
        case .damagedFrames(let count, let first):
            "\(count) damaged frame\(count == 1 ? "" : "s") passed over, the first at \(Self.seconds(first))"
        case .decoder(let words, 1): words
        case .decoder(let words, let count): "\(words) (the first of \(count) messages)"
        case .cancelledChannels: "its channels cancel each other when averaged; choose one of them"
        case .silence: "all samples are zero"
        case .outOfRange(let peak): "samples up to \(peak); about -1 to 1 is expected"
        }
    }

    private static func seconds(_ value: Double, digits: Int = 3) -> String {
        String(format: "%.*f s", digits, value)
    }

    /// Two durations with as many digits as they need to differ; a sample is a sixteenth of a millisecond and less.
    private static func apart(_ a: Double, _ b: Double, _ text: (String, String) -> String) -> String {
        let digits = (3...6).first { seconds(a, digits: $0) != seconds(b, digits: $0) } ?? 3
        return text(seconds(a, digits: digits), seconds(b, digits: digits))
    }
}
