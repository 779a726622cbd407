import Kernels
import ONNXLoader
import PackedModel

/// A speech emotion model, ready to score signals.
///
/// A model never changes and can be shared by any number of concurrent calls.
public struct EmotionModel: Sendable {
    /// The sizes read from the file.
    public let architecture: Architecture
    /// What each number of each head means, by the head's output name.
    public let labels: [String: [String]]
    /// Free-form facts the file carries about itself.
    public let metadata: [String: String]
    /// What computes, such as `AVX-512 tiles` or `OpenBLAS SkylakeX, AVX-512`.
    public var backend: String { kernels.description }
    /// How many threads work on a call, the caller's included.
    public var threads: Int { team.count }

    let network: Network
    let kernels: KernelSet
    let team: ThreadTeam
    private let leanFrames: Int?

    /// Loads an ONNX file, a folder as published (`model.onnx` and `model.yaml`), or a packed model, which is used where
    /// it is: processes that run the same one share its memory.
    ///
    /// - Throws: `ONNXError` or `PackedModelError` where the file can't be read, ``RecognitionError`` where its graph
    ///   isn't of this architecture, ``ModelFolderError`` where the folder's description isn't understood, `KernelError` where the
    ///   processor lacks what the options ask for, `OpenBLASError` where OpenBLAS is needed and can't be opened.
    public init(contentsOf path: String, options: EngineOptions = EngineOptions()) throws {
        let location = try ModelLocation(path)
        if PackedModelFile.isPackedModel(location.file) {
            try self.init(packed: location.file, labels: location.labels, options: options)
            return
        }
        try self.init(try ONNXModel(contentsOf: location.file), labels: location.labels, options: options)
    }

    /// Takes over a parsed file; `labels` are by output name, and outputs without any get ``Labels/default(for:)``.
    package init(
        _ file: ONNXModel, labels: [String: [String]] = [:], options: EngineOptions = EngineOptions()
    ) throws {
        try self.init(file, as: try RecognizedModel(recognizing: file), labels: labels, options: options)
    }

    /// Takes over a parsed file that was recognised already, as `recognized`.
    package init(
        _ file: ONNXModel, as recognized: RecognizedModel, labels: [String: [String]] = [:],
        options: EngineOptions = EngineOptions()
    ) throws {
        architecture = recognized.architecture
        self.labels = try Labels.complete(labels, for: recognized.architecture)
        metadata = file.metadata
        kernels = try KernelSet(instructions: options.instructions, products: options.products)
        team = ThreadTeam(count: options.threads)
        leanFrames = options.leanFrames
        let weights = try recognized.packedWeights(team)
        network = try Network(recognized.architecture) { name, count in
            guard let floats = weights[name], floats.count == count else {
                preconditionFailure("the weights that are packed are those that the network asks for")
            }
            return floats
        }
        file.releasePages()
    }

    private init(packed path: String, labels: [String: [String]], options: EngineOptions) throws {
        let file = try PackedModelFile(
            path: path, verifyingOn: options.threads, keepingPages: options.leanFrames == nil)
        let contents = try file.contents(as: PackedContents.self)
        try contents.architecture.check()
        architecture = contents.architecture
        self.labels = try Labels.complete(labels.isEmpty ? contents.labels : labels, for: architecture)
        metadata = contents.metadata
        kernels = try KernelSet(instructions: options.instructions, products: options.products)
        team = ThreadTeam(count: options.threads)
        leanFrames = options.leanFrames
        network = try Network(architecture) { name, count in
            let floats = try file.floats(name, count: count)
            return ConstantFloats(
                at: floats.base, count: floats.count, owner: floats.owner, letPagesGo: { floats.letPagesGo() })
        }
    }

    private init(_ model: EmotionModel, _ team: ThreadTeam) {
        architecture = model.architecture
        labels = model.labels
        metadata = model.metadata
        network = model.network
        kernels = model.kernels
        leanFrames = model.leanFrames
        self.team = team
    }

    /// The same model, sharing its weights, on a team of threads of its own.
    ///
    /// Calls of one model share its threads and wait for each other; for calls that run at once, make a model for each.
    public func with(threads: Int) -> EmotionModel { EmotionModel(self, ThreadTeam(count: threads)) }

    /// Scores a signal.
    ///
    /// - Parameters:
    ///   - signal: mono samples at 16 kHz, between about -1 and 1; at least ``Architecture/minimumSamples``
    ///   - workspace: memory to use again; a new one is made if none is given
    /// - Returns: the pooled state and the heads' outputs
    /// - Throws: ``EngineError`` where the signal is too short or not finite.
    public func predict(_ signal: [Float], workspace: Workspace? = nil) throws -> Prediction {
        try forward(signal, workspace: workspace)
    }

    /// Scores a signal and shows the state after each stage, in forward order: `rows × columns` elements, row-major;
    /// rows are frames, or there is one row where a stage has no time axis.
    ///
    /// The feature extractor then runs in one piece, so memory grows with the signal's length.
    public func predict(
        _ signal: [Float], workspace: Workspace? = nil,
        observe: (_ stage: Stage, _ rows: Int, _ columns: Int, _ elements: [Float]) throws -> Void
    ) throws -> Prediction {
        var failure: (any Error)?
        let prediction = try withoutActuallyEscaping(observe) { observe in
            let observer = StageObserver { stage, state in
                guard failure == nil else { return }
                do { try observe(stage, state.rows, state.columns, state.elements()) } catch { failure = error }
            }
            return try forward(signal, workspace: workspace, observe: observer)
        }
        if let failure { throw failure }
        try observe(.pooled, 1, prediction.values[0].count, prediction.values[0])
        for (head, values) in prediction.values.dropFirst().enumerated() {
            try observe(.head(head), 1, values.count, values)
        }
        return prediction
    }

    /// One call, with the state shown after each stage or times noted if asked for.
    func forward(
        _ signal: [Float], workspace: Workspace?, observe: StageObserver? = nil, recorder: SpanRecorder? = nil
    ) throws -> Prediction {
        guard signal.count >= architecture.minimumSamples else {
            throw EngineError.signalTooShort(samples: signal.count, minimum: architecture.minimumSamples)
        }
        if let index = signal.firstIndex(where: { !$0.isFinite }) { throw EngineError.nonFiniteSample(index: index) }
        let workspace = workspace ?? Workspace(for: architecture)
        precondition(workspace.architecture == architecture, "the workspace is another architecture's")
        let frames = architecture.frames(samples: signal.count)
        let extractor = network.featureExtractor
        let tile =
            observe?.seesFeatureExtractor ?? false
            ? extractor.wholeCapacity(samples: signal.count)
            : extractor.tileCapacity(frames: extractor.largestTile(frames: frames, team))
        workspace.prepare(frames: frames, tile: tile, team)
        let compute = Compute(
            kernels: kernels, team: team, isLean: leanFrames.map { frames >= $0 } ?? false, recorder: recorder)
        let result = network.forward(signal, workspace: workspace, compute, observe: observe)
        return Prediction(names: architecture.outputs, values: [result.pooled] + result.heads)
    }
}
