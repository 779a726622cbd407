import Checkpoints
import ONNXLoader
import W2V2Engine
import W2V2Recognition

/// Sets engine, graph and reference side by side, layer by layer, and finds where they diverge.
package struct LayerCheck: Sendable {
    /// What the comparisons found, signal by signal.
    package struct Findings: Sendable {
        package fileprivate(set) var oracle: [SignalReport] = []
        package fileprivate(set) var reference: [SignalReport] = []
        package fileprivate(set) var layers: [LayerReport] = []
    }

    private let oracle: OracleCheck

    /// - Parameters:
    ///   - engine: the model to check.
    ///   - graph: the file that it was made from.
    ///   - recognized: what the file was recognised as.
    /// - Throws: ``VerificationError`` if the engine's model has other sizes than the graph, `InterpreterError` if the
    ///   graph can't be run.
    package init(of engine: EmotionModel, against graph: ONNXModel, recognized: RecognizedModel) throws {
        oracle = try OracleCheck(of: engine, against: graph, recognized: recognized)
    }

    /// Checks a model that was made of a checkpoint.
    package init(of engine: EmotionModel, against checkpoint: CheckpointModel) throws {
        oracle = try OracleCheck(of: engine, against: checkpoint)
    }

    /// Compares engine and graph on signals; `progress` gets each before it is run.
    package func run(_ signals: [TestSignal], progress: (TestSignal) -> Void = { _ in }) throws -> Findings {
        try run(signals.map { ReferenceArchive.Entry(signal: $0) }, of: nil, progress)
    }

    /// Compares engine, graph and the arrays of a file, such as ``ReferenceCheck`` reads, on the file's signals, or on
    /// `recordings` if it has none.
    package func run(
        reference path: String, recordings: [TestSignal] = [], progress: (TestSignal) -> Void = { _ in }
    ) throws -> Findings {
        let archive = try ReferenceArchive(path, for: oracle.engine.architecture)
        return try run(archive.entries(of: recordings), of: path, progress)
    }

    private func run(
        _ entries: [ReferenceArchive.Entry], of path: String?, _ progress: (TestSignal) -> Void
    ) throws -> Findings {
        var findings = Findings()
        for entry in entries {
            progress(entry.signal)
            let (engine, graph) = (try oracle.engine.run(entry.signal), try oracle.oracle.run(entry.signal))
            findings.oracle.append(oracle.report(entry.signal, found: engine, expected: graph))
            if let path {
                findings.reference.append(
                    ReferenceCheck(of: oracle.engine).report(entry, found: engine, source: path))
            }
            findings.layers.append(
                LayerReport(
                    of: entry.signal, in: oracle.engine.architecture, oracle.engine.precision, engine: engine,
                    graph: graph, reference: path == nil ? nil : entry.run(closestTo: engine)))
        }
        return findings
    }
}

extension ReferenceArchive.Entry {
    /// The arrays as a run. One that may belong to either of two stages is given to the stage where it is closest.
    fileprivate func run(closestTo run: NetworkRun) -> NetworkRun {
        var byStage: [Stage: Values] = [:]
        for state in states {
            let distances = state.stages.map { stage in
                Difference(of: run.states[stage]?.elements ?? [], from: state.values.elements).largest
            }
            guard let closest = zip(state.stages, distances).min(by: { $0.1 < $1.1 })?.0 else { continue }
            byStage[closest] = state.values
        }
        return NetworkRun(
            states: byStage, outputs: Dictionary(outputs.map { ($0.name, $0.values) }) { first, _ in first })
    }
}
