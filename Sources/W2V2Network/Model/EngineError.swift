import Files

/// Why a signal can't be scored, its states can't be kept, or sizes make no network.
public enum EngineError: Error, Equatable, CustomStringConvertible {
    /// The signal has fewer samples than the feature extractor's receptive field.
    case signalTooShort(samples: Int, minimum: Int)
    /// The model takes signals of one length alone.
    case otherLength(samples: Int, only: Int)
    /// A sample is infinite or not a number.
    case nonFiniteSample(index: Int)
    /// Features are not a number of whole frames.
    case incompleteFrames(numbers: Int, channels: Int)
    /// A feature is infinite or not a number.
    case nonFiniteFeature(index: Int)
    /// The signal is finite, but the network's numbers overflow on it.
    case nonFiniteOutput(String)
    /// A head has another number of labels than it has outputs.
    case labelCount(output: String, labels: Int, size: Int)
    /// Two numbers have the same label, so that neither can be told from the other.
    case sameLabel(String)
    /// A network of this architecture has no such state.
    case noSuchState(String)
    /// The states asked for need more memory than there is; both in bytes, and the part of attention maps in it.
    case statesTooLarge(bytes: Int, attention: Int, available: Int)
    /// Sizes that are not those of a network.
    case impossibleArchitecture(reason: String)

    /// On one line: what is wrong, and what would be right.
    public var description: String {
        switch self {
        case .signalTooShort(let samples, let minimum):
            "\(samples) samples at 16 kHz are too few; the model needs at least \(minimum)"
        case .otherLength(let samples, let only):
            "\(samples) samples at 16 kHz; the model was fixed to exactly \(only) (\(Self.seconds(only)) s): score windows of that length, or take the export from before its length was fixed"
        case .nonFiniteSample(let index):
            "sample \(index) is not a finite number; samples lie between about -1 and 1"
        case .incompleteFrames(let numbers, let channels):
            "\(numbers) features are not a whole number of frames of \(channels) channels, at least one"
        case .nonFiniteFeature(let index):
            "feature \(index) is not a finite number"
        case .nonFiniteOutput(let output):
            "the model gives no number for it (\(printable(output, longest: 120)) is not finite); samples lie between about -1 and 1"
        case .sameLabel(let label):
            "two numbers have the label \(quoted(label)); labels must differ"
        case .labelCount(let output, let labels, let size):
            "\(labels) labels for the output \(printable(output, longest: 120)), which has \(size) numbers; model.yaml should have one for each"
        case .noSuchState(let name):
            "the network has no such state: \(name)"
        case .statesTooLarge(let bytes, let attention, let available):
            "the states would take \(Self.size(bytes)) of memory"
                + (attention > 0 ? ", \(Self.size(attention)) of it attention maps" : "")
                + ", and \(Self.size(available)) are free; choose fewer layers, or a shorter part of the recording"
        case .impossibleArchitecture(let reason):
            "its sizes are not those of a network: \(reason)"
        }
    }

    /// Without a fraction that isn't there.
    private static func seconds(_ samples: Int) -> String {
        let seconds = Double(samples) / 16000
        return seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }

    /// Bytes for a reader, in units of 1000.
    private static func size(_ bytes: Int) -> String {
        let (unit, name) = bytes < 1_000_000_000 ? (1e6, "MB") : (1e9, "GB")
        return "\((Double(bytes) / unit * 10).rounded() / 10) \(name)"
    }
}
