/// What a network computed on its way to a prediction.
public struct NetworkStates: Sendable {
    /// The same as ``EmotionModel/predict(_:workspace:)`` gives.
    public let prediction: Prediction
    /// In forward order; attention maps come last.
    public let states: [NetworkState]
    /// The encoder layers that the first axis of the attention maps stands for, counted from 0, in order.
    public let attentionLayers: [Int]

    /// The state of a name, as ``Stage/name(in:)`` has it, or ``NetworkState/attentionName``.
    public subscript(name: String) -> NetworkState? { states.first { $0.name == name } }
}

/// One state, or the attention maps.
public struct NetworkState: Sendable, Equatable {
    /// What the attention maps are called.
    public static let attentionName = "attentions"

    /// As ``Stage/name(in:)`` has it, or ``attentionName``.
    public let name: String
    /// nil for attention maps.
    public let stage: Stage?
    /// As ``Stage/shape(in:samples:)`` has it; `[layers, heads, frames, frames]` for attention maps, a row of which
    /// says how much a frame takes from each frame, and sums to 1.
    public let shape: [Int]
    /// Row-major.
    public let values: [Float]

    /// The mean over time, `[channels]`; the values themselves if there is no time axis. nil for attention maps.
    public var meanOverTime: [Float]? {
        guard let stage else { return nil }
        guard stage.hasTimeAxis else { return values }
        let channels = shape.count == 2 ? shape[1] : 1
        var sums = [Double](repeating: 0, count: channels)
        for frame in 0..<shape[0] {
            for channel in 0..<channels { sums[channel] += Double(values[frame * channels + channel]) }
        }
        return sums.map { Float($0 / Double(shape[0])) }
    }
}

/// Which of a network's states to keep.
public struct StateSelection: Sendable, Hashable {
    /// The stages whose states to keep.
    public var stages: Set<Stage>
    /// The encoder layers whose attention maps to keep, counted from 0 as in ``Stage/encoderLayer(_:)``.
    public var attentionLayers: Set<Int>

    /// These stages, and the attention maps of these layers.
    public init(stages: Set<Stage> = [], attentionLayers: Set<Int> = []) {
        self.stages = stages
        self.attentionLayers = attentionLayers
    }

    /// Every stage of a network, and the attention maps of every layer if asked for.
    public static func all(of architecture: Architecture, attention: Bool = false) -> StateSelection {
        StateSelection(
            stages: Set(Stage.all(of: architecture)),
            attentionLayers: attention ? Set(0..<architecture.encoderLayers) : [])
    }

    /// Whether an output of the feature extractor's layers is among the stages.
    var hasFeatureExtractor: Bool {
        stages.contains { stage in
            if case .featureExtractor = stage { true } else { false }
        }
    }
}
