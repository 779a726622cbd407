import W2V2Engine

/// Checks the engine against the outputs that its model's authors published, if its model has the structure of one of
/// theirs and does not say itself that its weights are random.
public struct PublishedCheck: Sendable {
    private let engine: EmotionModel
    private let model: PublishedModel?

    public init(of engine: EmotionModel) throws {
        let model = try PublishedModel.matching(engine.architecture, metadata: engine.metadata)
        self.init(of: engine, as: model)
    }

    init(of engine: EmotionModel, as model: PublishedModel?) {
        self.engine = engine
        self.model = model
    }

    public func run() throws -> PublishedReport {
        PublishedReport(model: model?.name, cases: try (model?.cases ?? []).map(report))
    }

    private func report(_ published: PublishedCase) throws -> SignalReport {
        let signal = try TestSignal.published(published.signal)
        let prediction = try engine.predict(signal.samples)
        let outputs = published.outputs.map { output in
            let values = prediction[output.output] ?? []
            let count = output.values.count
            let found = output.part == .first ? values.prefix(count) : values.suffix(count)
            return Comparison(
                values.count > count ? "\(output.output), \(output.part.rawValue) \(count)" : output.output,
                found: Values(Array(found)), expected: Values(output.values),
                tolerance: output.decimals == nil ? .published : .publishedRecording)
        }
        return SignalReport(signal: signal, source: published.source, outputs: outputs)
    }
}
