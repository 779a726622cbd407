import W2V2Engine

/// Checks the engine against given arrays: the outputs, and states if there are any, that a model should give for
/// signals.
///
/// The arrays are those of a `.npz` file. For one signal they are `signal` (float32, `[n]` or `[1, n]`, at 16 kHz),
/// outputs by their names, and states by the names that transformers gives them (`extract_features`, `hidden_states.0`
/// and so on, `last_hidden_state`) or by their module's (``Stage/name(in:)``). For several, each name begins
/// with the signal's and a slash. States may also be under `layers/`; without a signal's name, they belong to the one
/// signal whose length gives as many frames.
package struct ReferenceCheck: Sendable {
    private let engine: EmotionModel

    package init(of engine: EmotionModel) {
        self.engine = engine
    }

    /// Compares the engine with the arrays of a file, signal by signal, in the file's order or the recordings'.
    ///
    /// - Parameters:
    ///   - path: the file
    ///   - recordings: the signals of a file that has none, as `emotion-cli states` writes it; of several, the arrays'
    ///     names begin with their files'
    ///   - progress: gets each signal before the engine runs on it
    /// - Returns: what was found for each signal
    /// - Throws: ``VerificationError``, before anything runs, if the file isn't such a reference for this model.
    package func run(
        _ path: String, recordings: [TestSignal] = [], progress: (TestSignal) -> Void = { _ in }
    ) throws -> [SignalReport] {
        try ReferenceArchive(path, for: engine.architecture).entries(of: recordings).map { entry in
            progress(entry.signal)
            return report(entry, found: try engine.run(entry.signal, hasStates: !entry.states.isEmpty), source: path)
        }
    }

    /// The comparison of what the engine made of an entry's signal with the entry.
    func report(_ entry: ReferenceArchive.Entry, found: NetworkRun, source: String) -> SignalReport {
        let architecture = engine.architecture
        let stages = entry.states.compactMap { state in
            state.stages.map { stage in
                let values = [found.states[stage] ?? .none, state.values].map {
                    architecture.used($0, at: stage, samples: entry.signal.samples.count)
                }
                return Comparison(
                    state.name, found: values[0], expected: values[1], tolerance: stage.tolerance(engine.precision))
            }.min { $0.difference.largest < $1.difference.largest }
        }
        let outputs = entry.outputs.map { output in
            Comparison(
                output.name, found: found.outputs[output.name] ?? .none, expected: output.values,
                tolerance: architecture.tolerance(ofOutput: output.name, engine.precision))
        }
        return SignalReport(signal: entry.signal, source: source, stages: stages, outputs: outputs)
    }
}
