/// Why a signal can't be scored, or a packed model not be used.
public enum EngineError: Error, Equatable, CustomStringConvertible {
    /// The signal has fewer samples than the feature extractor's receptive field.
    case signalTooShort(samples: Int, minimum: Int)
    /// A sample is infinite or not a number.
    case nonFiniteSample(index: Int)
    /// A packed model's sizes are not those of a network.
    case impossibleArchitecture(reason: String)

    public var description: String {
        switch self {
        case .signalTooShort(let samples, let minimum):
            "\(samples) samples at 16 kHz are too few; the model needs at least \(minimum)"
        case .nonFiniteSample(let index):
            "sample \(index) is not a finite number; samples lie between about -1 and 1"
        case .impossibleArchitecture(let reason):
            "the packed model can't be used: \(reason); convert the .onnx file again"
        }
    }
}
