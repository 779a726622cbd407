import ONNXInterpreter
import ONNXLoader
import W2V2Engine
import W2V2Recognition

/// What a network makes of a signal, whatever computes it.
struct NetworkRun {
    /// The state after each stage, as far as it is known.
    let states: [Stage: Values]
    /// By the outputs' names.
    let outputs: [String: Values]
}

/// Numbers in an order that is the same on both sides of a comparison: a layer's state frame by frame.
struct Values: Sendable, Equatable {
    /// Without axes of size 1, so that it does not matter where the batch is kept.
    let shape: [Int]
    /// Row-major.
    let elements: [Double]

    init(shape: [Int], _ elements: [Double]) {
        self.shape = shape.filter { $0 != 1 }
        self.elements = elements
    }

    init(_ elements: [Double]) { self.init(shape: [elements.count], elements) }

    init(_ elements: [Float]) { self.init(elements.map(Double.init)) }
}

extension EmotionModel {
    /// The states, if they are wanted, and the outputs. Without states, the run needs less memory.
    func run(_ signal: TestSignal, hasStates: Bool = true) throws -> NetworkRun {
        let states = hasStates ? try states(of: signal) : [:]
        // The states come from a run that is watched; the outputs from one like any other.
        let prediction = try predict(signal.samples)
        return NetworkRun(
            states: states,
            outputs: Dictionary(uniqueKeysWithValues: zip(prediction.names, prediction.values.map { Values($0) })))
    }

    /// The state after each stage.
    func states(of signal: TestSignal) throws -> [Stage: Values] {
        var states: [Stage: Values] = [:]
        _ = try self.states(signal.samples) { state in
            if let stage = state.stage { states[stage] = Values(shape: state.shape, state.values.map(Double.init)) }
        }
        return states
    }
}

/// What a model is checked against.
protocol NetworkOracle: Sendable {
    /// What it is, for reports.
    var source: String { get }
    func run(_ signal: TestSignal) throws -> NetworkRun
}

extension LiteralNetwork: NetworkOracle {
    var source: String { "the checkpoint, computed in double precision" }
}

/// A graph that is run literally, in Double.
struct GraphRunner: NetworkOracle {
    let source = "the graph, run in double precision"
    private let architecture: Architecture
    private let interpreter: Interpreter
    private let stageValues: [Stage: StageValue]
    private let outputs: Set<String>

    init(_ graph: ONNXModel, recognized: RecognizedModel) throws {
        architecture = recognized.architecture
        interpreter = try Interpreter(graph.withExactConstants(of: recognized.architecture))
        stageValues = recognized.stageValues
        outputs = Set(graph.graph.outputs.map(\.name))
    }

    /// The states that are values of the graph, and the outputs. Where the graph quantises what it computes with, its
    /// rounding is left out, as the engine leaves it out.
    ///
    /// - Throws: ``VerificationError`` if the graph lacks a state or an output that it should give.
    func run(_ signal: TestSignal) throws -> NetworkRun {
        let values = try interpreter.run(
            signal: signal.samples, keeping: Set(stageValues.values.map(\.name)), roundingActivations: false)
        var states: [Stage: Values] = [:]
        for (stage, place) in stageValues {
            guard let state = values[place.name].flatMap({ Values($0, place.layout) })
            else { throw VerificationError(.missingStage(stage.label(in: architecture))) }
            states[stage] = state
        }
        var outputs: [String: Values] = [:]
        if !self.outputs.contains(architecture.pooledOutput) {
            outputs[architecture.pooledOutput] = states[.pooled] ?? states[.finalNorm]?.meanOverTime()
        }
        for output in architecture.outputs where self.outputs.contains(output) {
            guard let value = values[output].flatMap({ Values($0, .timeMajor) }) else {
                throw VerificationError(.missingStage(output))
            }
            outputs[output] = value
        }
        return NetworkRun(states: states, outputs: outputs)
    }
}

extension Architecture {
    /// A stage's state without what the network leaves unused: the feature extractor's layers may make frames at the end
    /// that no later frame depends on, and the engine leaves them out.
    func used(_ state: Values, at stage: Stage, samples: Int) -> Values {
        guard case .featureExtractor(let layer) = stage else { return state }
        let frames = featureExtractor[(layer + 1)...].reversed().reduce(frames(samples: samples)) { frames, layer in
            (frames - 1) * layer.stride + layer.kernel
        }
        return state.first(frames: frames, channels: featureExtractor[layer].outputChannels)
    }
}

extension Values {
    /// The first frames of a state `[_, channels]`; all of it where it isn't one, or has fewer.
    fileprivate func first(frames: Int, channels: Int) -> Values {
        guard channels == 1 || shape.last == channels, elements.count >= frames * channels else { return self }
        return Values(shape: [frames, channels], Array(elements.prefix(frames * channels)))
    }

    /// The mean over the frames of a state `[frames, channels]`; of a single frame, the state itself.
    fileprivate func meanOverTime() -> Values {
        guard shape.count == 2, let channels = shape.last, shape[0] > 1 else { return self }
        let sums = (0..<channels).map { channel in
            stride(from: channel, to: elements.count, by: channels).reduce(0) { $0 + elements[$1] }
        }
        return Values(sums.map { $0 / Double(shape[0]) })
    }

    /// Stands for a state or an output that is missing.
    static let none = Values(shape: [0], [])

    /// A graph's value, turned to time-major where it is not; nil if it isn't of real numbers.
    init?(_ tensor: InterpreterTensor, _ layout: StageValue.Layout) {
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
