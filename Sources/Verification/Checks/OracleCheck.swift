import Checkpoints
import ONNXInterpreter
import ONNXLoader
import W2V2Engine
import W2V2Recognition

/// Checks the engine against a literal run in Double, of a graph or of a checkpoint's network: every stage's state and every
/// output.
package struct OracleCheck: Sendable {
    let engine: EmotionModel
    let oracle: any NetworkOracle

    /// - Parameters:
    ///   - engine: the model to check
    ///   - graph: the file that it was made from
    ///   - recognized: what the file was recognised as, if it was already
    /// - Throws: ``VerificationError`` if the engine's model has other sizes than the graph, `RecognitionError` and
    ///   `InterpreterError` if the graph isn't understood.
    package init(of engine: EmotionModel, against graph: ONNXModel, recognized: RecognizedModel? = nil) throws {
        let recognized = try recognized ?? RecognizedModel(recognizing: graph)
        guard recognized.architecture == engine.architecture else { throw VerificationError(.architecturesDiffer) }
        self.engine = engine
        oracle = try GraphRunner(graph, recognized: recognized)
    }

    /// Checks a model that was made of a checkpoint.
    package init(of engine: EmotionModel, against checkpoint: CheckpointModel) throws {
        guard checkpoint.architecture == engine.architecture else {
            throw VerificationError(.architecturesDiffer)
        }
        self.engine = engine
        oracle = LiteralNetwork(checkpoint.architecture, parameters: checkpoint.parameters)
    }

    /// Compares what the engine and the literal run make of a signal.
    package func run(_ signal: TestSignal) throws -> SignalReport {
        report(signal, found: try engine.run(signal), expected: try oracle.run(signal))
    }

    /// The comparison of what each made of a signal.
    func report(_ signal: TestSignal, found: NetworkRun, expected: NetworkRun) -> SignalReport {
        let architecture = engine.architecture
        // A simplified graph may hold twice a state, or none of its own.
        let known = Stage.all(of: architecture).filter { expected.states[$0] != nil }
        let stages = known.map { stage in
            let states = [found, expected].map { run in
                architecture.used(run.states[stage] ?? .none, at: stage, samples: signal.samples.count)
            }
            return Comparison(
                stage.label(in: architecture), found: states[0], expected: states[1],
                tolerance: stage.tolerance(engine.precision))
        }
        let outputs = architecture.outputs.map { output in
            Comparison(
                output, found: found.outputs[output] ?? .none, expected: expected.outputs[output] ?? .none,
                tolerance: architecture.tolerance(ofOutput: output, engine.precision))
        }
        return SignalReport(
            signal: signal, source: oracle.source, stages: stages, outputs: outputs)
    }
}
