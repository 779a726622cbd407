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
    /// As ``Stage/shape(in:samples:)`` has it; `[layers, heads, frames, frames]` for attention maps, of which a row
    /// tells how much a frame takes from each frame, and sums to 1.
    public let shape: [Int]
    /// Row-major.
    public let values: [Float]

    /// The mean over time, `[channels]`; the values themselves where there is no time axis. nil for attention maps.
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
