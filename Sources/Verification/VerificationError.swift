import Files

/// Why a model could not be checked.
package struct VerificationError: Error, Equatable, CustomStringConvertible {
    /// The file that the reference's arrays are in; nil if there is none.
    package let file: String?
    /// The name of the array that is at fault; nil if no single one is.
    package let array: String?
    package let reason: Reason

    init(_ reason: Reason, file: String? = nil, array: String? = nil) {
        self.file = file
        self.array = array
        self.reason = reason
    }

    package var description: String {
        // Names come from the model and from the reference.
        printable(
            [file, array.map { "array '\($0)'" }, "\(reason)"].compactMap { $0 }.joined(separator: ": "), longest: 4000)
    }

    /// What was wrong, and what would be right.
    package enum Reason: Equatable, Sendable, CustomStringConvertible {
        /// No signal of this name has published outputs.
        case unknownSignal(String)
        /// The engine's network and the graph's have different sizes.
        case architecturesDiffer
        /// The graph's run gave no value for a stage.
        case missingStage(String)

        // The reference.
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

        package var description: String {
            switch self {
            case .unknownSignal(let name): "the program has no signal '\(name)'"
            case .architecturesDiffer: "the engine and the graph to check it against have different sizes"
            case .missingStage(let stage): "the graph gives no state for the stage '\(stage)'"
            case .noSignal:
                "no array 'signal' or 'NAME/signal'; give the recordings that its arrays belong to as inputs"
            case .ownSignals: "has signals of its own; leave out the inputs"
            case .noArrays(let recording, let group):
                "has no arrays for \(recording); '\(group)/STATE' is expected, and each recording once"
            case .notReal: "not real numbers; float32 or float64 is expected"
            case .notFinite(let index): "element \(index) is not a finite number"
            case .wrongShape(let shape, let expected):
                "has shape (\(shape.map(String.init).joined(separator: ", "))); \(expected) is expected"
            case .tooShort(let samples, let minimum):
                "\(samples) samples at 16 kHz are too few; the model needs at least \(minimum)"
            case .missingSignal(let group):
                "there is no '\(group)/signal' that it could belong to, and no input '\(group)'"
            case .unknown(let outputs, let states):
                "the model has no such output or state; it has the outputs \(outputs.joined(separator: ", ")) and the states "
                    + states.joined(separator: ", ")
            case .nothingToCompare(let signal):
                "has only the signal '\(signal)'; its expected outputs are needed as well"
            case .ambiguousLayers(let frames, let signals):
                signals.isEmpty
                    ? "has \(frames) frames, which none of the signals gives"
                    : "has \(frames) frames, which each of these signals gives: \(signals.joined(separator: ", ")); "
                        + "name it NAME/layers/STATE"
            }
        }
    }
}
