import ONNXLoader
import ONNXOracle
import W2V2Engine

/// Checks the engine against a literal run of a graph in Double: every stage's state and every output.
public struct OracleCheck: Sendable {
    private let engine: EmotionModel
    private let oracle: Oracle
    private let stageValues: [Stage: StageValue]

    /// - Parameters:
    ///   - engine: the model to check
    ///   - graph: the file that it was made from
    /// - Throws: ``VerificationError`` where the engine's model has other sizes than the graph, `RecognitionError` and
    ///   `OracleError` where the graph isn't understood.
    public init(of engine: EmotionModel, against graph: ONNXModel) throws {
        let recognized = try RecognizedModel(recognizing: graph)
        guard recognized.architecture == engine.architecture else { throw VerificationError.architecturesDiffer }
        self.engine = engine
        oracle = try Oracle(graph)
        stageValues = recognized.stageValues
    }

    /// Compares what the engine and the graph make of a signal.
    public func run(_ signal: TestSignal) throws -> SignalReport {
        let states = try engine.states(of: signal)
        // The states come from a run that is watched; the outputs from one like any other.
        let prediction = try engine.predict(signal.samples)
        let expected = try oracle.run(signal: signal.samples, keeping: Set(stageValues.values.map(\.name)))

        let stages = try Stage.all(of: engine.architecture).map { stage in
            let label = stage.label(in: engine.architecture)
            guard let value = stageValues[stage], let state = expected[value.name].flatMap({ Values($0, value.layout) })
            else { throw VerificationError.missingStage(label) }
            return compare(states[stage] ?? .none, with: state, at: stage, samples: signal.samples.count)
        }
        let outputs = try engine.architecture.outputs.map { output in
            guard let value = expected[output].flatMap({ Values($0, .timeMajor) }) else {
                throw VerificationError.missingStage(output)
            }
            return Comparison(
                output, found: prediction[output].map(Values.init) ?? .none, expected: value,
                tolerance: engine.architecture.tolerance(ofOutput: output))
        }
        return SignalReport(
            signal: signal, source: "the graph, run in double precision", stages: stages, outputs: outputs)
    }

    /// The feature extractor's layers may leave out frames at the end that no later frame depends on.
    private func compare(_ found: Values, with expected: Values, at stage: Stage, samples: Int) -> Comparison {
        var (found, expected) = (found, expected)
        if case .featureExtractor(let layer) = stage {
            let frames = engine.architecture.framesUsed(ofLayer: layer, samples: samples)
            let channels = engine.architecture.featureExtractor[layer].outputChannels
            found = found.first(frames: frames, channels: channels)
            expected = expected.first(frames: frames, channels: channels)
        }
        return Comparison(
            stage.label(in: engine.architecture), found: found, expected: expected, tolerance: stage.tolerance)
    }
}

extension EmotionModel {
    /// The state after each stage.
    func states(of signal: TestSignal) throws -> [Stage: Values] {
        var states: [Stage: Values] = [:]
        _ = try predict(signal.samples) { stage, rows, columns, elements in
            states[stage] = Values(shape: [rows, columns], elements.map(Double.init))
        }
        return states
    }
}

extension Values {
    /// The first frames of a state `[_, channels]`; all of it where it isn't one, or has fewer.
    fileprivate func first(frames: Int, channels: Int) -> Values {
        guard channels == 1 || shape.last == channels, elements.count >= frames * channels else { return self }
        return Values(shape: [frames, channels], Array(elements.prefix(frames * channels)))
    }

    /// What an engine gave that gave nothing.
    static let none = Values(shape: [0], [])

    /// A graph's value, turned to time-major where it is not; nil where it isn't of real numbers.
    init?(_ tensor: OracleTensor, _ layout: StageValue.Layout) {
        guard let reals = tensor.reals else { return nil }
        guard layout == .channelMajor, let frames = tensor.shape.last, let channels = tensor.shape.dropLast().last
        else {
            self.init(shape: tensor.shape, reals)
            return
        }
        var transposed: [Double] = []
        transposed.reserveCapacity(reals.count)
        for frame in 0..<frames {
            for channel in 0..<channels { transposed.append(reals[channel * frames + frame]) }
        }
        self.init(shape: [frames, channels], transposed)
    }
}
