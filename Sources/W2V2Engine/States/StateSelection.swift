/// Which of a network's states to keep.
public struct StateSelection: Sendable, Hashable {
    public var stages: Set<Stage>
    /// The encoder layers whose attention maps to keep, counted from 0 as in ``Stage/encoderLayer(_:)``.
    public var attentionLayers: Set<Int>

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
