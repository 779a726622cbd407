import ArgumentParser
import AudioInput
import Foundation
import Scoring
import Verification
import W2V2Engine

/// Checks the engine's numbers.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the engine against the model's own graph, published outputs or given arrays.",
        discussion: """
            Runs the model's graph literally, node by node, in double precision, and shows for each layer and output how \
            far the engine is from it, on a second of noise and a spoken sentence or on the inputs given. If the \
            model has the structure of one whose authors published outputs, the engine is checked against those too. \
            With --reference it is checked against the arrays of a file instead. A checkpoint has no graph: the network \
            as transformers defines it is run on the checkpoint's numbers instead, likewise in double precision.

            With --layers, engine, graph and, if there is one, the reference are set side by side: for each stage \
            the largest and mean difference, and the largest in ulp, which are steps of float32 at the stage's largest \
            number. The mark < is at the first stage where two of them diverge: where the mean difference, relative to the \
            mean magnitude, is more than 10 times what it was at the stage before (and more than 2e-6). \
            Rounding doesn't grow like that; a different weight or a fault does. A stage that the reference lacks is \
            skipped.

            With --precision int16 or int8 the tolerances are those of that precision, and the outputs are compared with \
            those in float32, too: the largest difference, the root of the mean square, and the share of scores that move \
            by less than 0.05. docs/precision.md has more.

            Exit status: 0 all passed; 1 something failed; 2 usage or model error.

            EXAMPLES
              emotion-cli verify
              emotion-cli verify --model model.onnx --json > report.json
              emotion-cli verify speech.wav
              emotion-cli verify --precision int8 recordings/*.wav
              emotion-cli verify --reference expected.npz
              emotion-cli verify --layers --reference expected.npz
              emotion-cli verify --layers --reference states.npz speech.wav  (from states)
            """)

    @OptionGroup var options: ModelOptions

    @Argument(
        help: ArgumentHelp(
            "Audio or .npy files to compare the engine and the graph on.",
            discussion: """
                Running the graph takes seconds for each second of audio, and memory to match. With --reference, the \
                recordings that a file without signals, such as one written by states, was computed from.
                """,
            valueName: "input"))
    var inputs: [String] = []

    @Option(
        help: ArgumentHelp(
            "A .npz file to check against.",
            discussion: """
                It holds signal (float32, 16 kHz), outputs by name, and optionally states, named as in transformers \
                (extract_features, hidden_states.0, ..., last_hidden_state) or by module (feature_extractor.conv_layers.0, \
                ..., feature_projection); for several signals, NAME/signal and so on. Benchmarks/reference writes one.
                """,
            valueName: "file"))
    var reference: String?

    @Flag(help: "Compare layer by layer, and show where the first difference arises.")
    var layers = false

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Compare with published outputs.",
            discussion: "Use --no-published for a model that has a published structure but other weights."))
    var published = true

    @Flag(help: "Print one JSON object with everything.")
    var json = false

    func run() throws {
        let output = try TextOutput(nil)
        let location = try ModelLocation(try options.choice.path())
        try location.requireSource()
        let source = try CommandError.naming(location.file) { try VerifiedSource(location) }
        let engine = try CommandError.naming(location.file) {
            try source.engine(labels: location.labels, options: options.choice.engine(threads: options.threads))
        }
        ModelOptions.noticeStandIn(engine.metadata)
        ModelOptions.noticeShortage(of: engine)

        var signals: [TestSignal] = []
        let report = try report(engine, source) { signals.append($0) }
        let cost = try cost(of: engine, source, labels: location.labels, on: signals)
        let whole = VerificationReport(report, againstFloat32: cost)
        try output.write(json ? String(decoding: try whole.json(), as: UTF8.self) : whole.text)
        if !whole.passed { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    /// `note` gets each signal that is checked.
    private func report(
        _ engine: EmotionModel, _ source: VerifiedSource, note: (TestSignal) -> Void
    ) throws -> VerificationReport {
        if let reference, !layers {
            let reports = try ReferenceCheck(of: engine).run(
                reference, recordings: try recordings(for: engine), progress: note)
            return VerificationReport(reference: reports)
        }
        func announce(_ signal: TestSignal) {
            source.announce(signal)
            note(signal)
        }
        // What was published is of float32 weights.
        let isPublished = published && reference == nil && source.isFloat32
        let published = isPublished ? try PublishedCheck(of: engine).run() : nil
        guard layers else {
            let check = try source.oracleCheck(of: engine)
            let signals = try signals(for: engine).map { signal in
                announce(signal)
                return try check.run(signal)
            }
            return VerificationReport(oracle: signals, published: published)
        }
        let check = try source.layerCheck(of: engine)
        let findings =
            if let reference {
                try check.run(reference: reference, recordings: try recordings(for: engine), progress: announce)
            } else {
                try check.run(try signals(for: engine), progress: announce)
            }
        return VerificationReport(
            oracle: findings.oracle, published: published, reference: findings.reference, layers: findings.layers)
    }

    /// What the engine's precision costs on the signals that it was checked on; nil if that is float32.
    private func cost(
        of engine: EmotionModel, _ source: VerifiedSource, labels: [String: [String]], on signals: [TestSignal]
    ) throws -> PrecisionReport? {
        guard engine.precision != .float32 else { return nil }
        var options = options.choice.engine(threads: options.threads)
        options.precision = .float32
        return try PrecisionCheck(of: engine, against: source.engine(labels: labels, options: options)).run(signals)
    }

    private func signals(for engine: EmotionModel) throws -> [TestSignal] {
        inputs.isEmpty ? try TestSignal.standard(for: engine.architecture) : try recordings(for: engine)
    }

    /// The inputs. With a reference the graph runs only layer by layer.
    private func recordings(for engine: EmotionModel) throws -> [TestSignal] {
        let architecture = engine.architecture
        let runsGraph = reference == nil || layers
        let memory = ScoringMemory(
            of: engine, threads: engine.threads,
            rest: { runsGraph ? GraphMemory.bytes(samples: $0, architecture) : 0 })
        return try inputs.map { path in
            let signal = try memory.read(path: path, minimumSamples: architecture.minimumSamples)
            return TestSignal(name: path, samples: signal.samples)
        }
    }
}
