import ArgumentParser
import AudioInput
import Checkpoints
import Foundation
import ONNXLoader
import Scoring
import Verification
import W2V2Engine
import W2V2Recognition

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

            Exit status: 0 all passed; 1 something failed; 2 usage or model error.

            EXAMPLES
              emotion-cli verify
              emotion-cli verify --model model.onnx --json > report.json
              emotion-cli verify speech.wav
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

        let report = try report(engine, source)
        try output.write(json ? String(decoding: try report.json(), as: UTF8.self) : report.text)
        if !report.passed { throw ExitCode(ExitStatus.someInputsFailed.rawValue) }
    }

    private func report(_ engine: EmotionModel, _ source: VerifiedSource) throws -> VerificationReport {
        if let reference, !layers {
            let recordings = try recordings(for: engine)
            return VerificationReport(reference: try ReferenceCheck(of: engine).run(reference, recordings: recordings))
        }
        // What was published is of float32 weights.
        let isPublished = published && reference == nil && source.isFloat32
        let published = isPublished ? try PublishedCheck(of: engine).run() : nil
        guard layers else {
            let check = try source.oracleCheck(of: engine)
            let signals = try signals(for: engine).map { signal in
                source.announce(signal)
                return try check.run(signal)
            }
            return VerificationReport(oracle: signals, published: published)
        }
        let check = try source.layerCheck(of: engine)
        let findings =
            if let reference {
                try check.run(
                    reference: reference, recordings: try recordings(for: engine), progress: source.announce)
            } else {
                try check.run(try signals(for: engine), progress: source.announce)
            }
        return VerificationReport(
            oracle: findings.oracle, published: published, reference: findings.reference, layers: findings.layers)
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

/// What a model is made of and checked against: a graph, or a checkpoint.
private enum VerifiedSource {
    case graph(ONNXModel, RecognizedModel)
    case checkpoint(CheckpointModel)

    init(_ location: ModelLocation) throws {
        if location.form == .checkpoint {
            let checkpoint = try CheckpointModel(at: location.file)
            checkpoint.notices.forEach { Messages.notice($0) }
            self = .checkpoint(checkpoint)
        } else {
            let graph = try ONNXModel(contentsOf: location.file)
            self = .graph(graph, try RecognizedModel(recognizing: graph))
        }
    }

    var isFloat32: Bool {
        switch self {
        case .graph(_, let recognized): recognized.isFloat32
        // The published numbers are of signals as they are.
        case .checkpoint: false
        }
    }

    /// Says what is going to be run literally, which takes a while.
    func announce(_ signal: TestSignal) {
        let what = if case .graph = self { "graph" } else { "checkpoint's network" }
        Messages.notice("running the \(what) on \(signal.name), \(signal.samples.count) samples")
    }

    func engine(labels: [String: [String]], options: EngineOptions) throws -> EmotionModel {
        switch self {
        case .graph(let graph, let recognized):
            try EmotionModel(graph, as: recognized, labels: labels, options: options)
        case .checkpoint(let checkpoint): try EmotionModel(checkpoint, options: options)
        }
    }

    func oracleCheck(of engine: EmotionModel) throws -> OracleCheck {
        switch self {
        case .graph(let graph, let recognized): try OracleCheck(of: engine, against: graph, recognized: recognized)
        case .checkpoint(let checkpoint): try OracleCheck(of: engine, against: checkpoint)
        }
    }

    func layerCheck(of engine: EmotionModel) throws -> LayerCheck {
        switch self {
        case .graph(let graph, let recognized): try LayerCheck(of: engine, against: graph, recognized: recognized)
        case .checkpoint(let checkpoint): try LayerCheck(of: engine, against: checkpoint)
        }
    }
}
