/// Why a model could not be checked.
public enum VerificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No signal of this name has published outputs.
    case unknownSignal(String)
    /// The engine's network and the graph's have different sizes.
    case architecturesDiffer
    /// The graph's run gave no value for a stage.
    case missingStage(String)
    /// A reference's array is missing or not what it should be.
    case reference(file: String, array: String?, ReferenceFault)

    public var description: String {
        switch self {
        case .unknownSignal(let name): "no signal '\(name)' comes with the program"
        case .architecturesDiffer: "the engine and the graph to check it against have different sizes"
        case .missingStage(let stage): "the graph gives no state for the stage '\(stage)'"
        case .reference(let file, let array?, let fault): "\(file): array '\(array)': \(fault)"
        case .reference(let file, nil, let fault): "\(file): \(fault)"
        }
    }
}

/// What is wrong with a reference's array, and what would be right.
public enum ReferenceFault: Error, Equatable, Sendable, CustomStringConvertible {
    case noSignal
    /// Recordings were given, and the file has signals of its own.
    case ownSignals
    /// Nothing in the file belongs to a recording.
    case noArrays(recording: String, group: String)
    case notReal
    case notFinite(index: Int)
    case wrongShape([Int], expected: String)
    case tooShort(samples: Int, minimum: Int)
    case missingSignal(group: String)
    case unknown(outputs: [String], states: [String])
    case nothingToCompare(signal: String)
    case ambiguousLayers(frames: Int, signals: [String])

    public var description: String {
        switch self {
        case .noSignal:
            "no array 'signal' or 'NAME/signal'; give the recordings that its arrays are of as inputs"
        case .ownSignals: "has signals of its own; leave out the inputs"
        case .noArrays(let recording, let group):
            "has no arrays for \(recording); '\(group)/STATE' is expected, and each recording once"
        case .notReal: "not of real numbers; float32 or float64 are expected"
        case .notFinite(let index): "element \(index) is not a finite number"
        case .wrongShape(let shape, let expected):
            "has shape (\(shape.map(String.init).joined(separator: ", "))); \(expected) is expected"
        case .tooShort(let samples, let minimum):
            "\(samples) samples at 16 kHz are too few; the model needs at least \(minimum)"
        case .missingSignal(let group): "there is no '\(group)/signal' that it could belong to, and no input '\(group)'"
        case .unknown(let outputs, let states):
            "the model has no such output or state; it has the outputs \(outputs.joined(separator: ", ")) and the states "
                + states.joined(separator: ", ")
        case .nothingToCompare(let signal): "has only the signal '\(signal)'; expected outputs for it as well"
        case .ambiguousLayers(let frames, let signals):
            signals.isEmpty
                ? "has \(frames) frames, which none of the signals gives"
                : "has \(frames) frames, which each of these signals gives: \(signals.joined(separator: ", ")); "
                    + "name it NAME/layers/STATE"
        }
    }
}
