import Kernels
import Machine

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
    /// In which numbers products are computed.
    public let precision: Precision
    /// What computes, such as `AVX-512 tiles` or `OpenBLAS SkylakeX, AVX-512`.
    public var backend: String { kernels.description }
    /// How many threads work on a call, the caller's included.
    public var threads: Int { team.count }
    /// How many threads it was made with; there are fewer where the system doesn't start as many.
    package var wantedThreads: Int { team.shortage?.wanted ?? team.count }
    /// Why there are fewer threads than were asked for; nil if there are not.
    package var threadShortage: ThreadShortage? { team.shortage }

    let network: Network
    let kernels: KernelSet
    let team: ThreadTeam
    private let leanFrames: Int?

    /// A model whose weights `load` takes from wherever they are, on the team's threads if it likes.
    ///
    /// Labels are by output name; heads without any get ``Labels/default(for:)``.
    ///
    /// - Throws: ``EngineError`` if a head has another number of labels than outputs, `KernelError` if the processor
    ///   lacks what the options ask for, `OpenBLASError` if OpenBLAS is needed and can't be opened, and what `load` throws.
    package init(
        _ architecture: Architecture, labels: [String: [String]], metadata: [String: String], precision: Precision,
        options: EngineOptions, load: (ThreadTeam) throws -> Network
    ) throws {
        self.architecture = architecture
        self.metadata = metadata
        self.precision = precision
        kernels = try KernelSet(
            instructions: options.instructions, products: options.products, forWholeNumbers: precision.isInteger)
        team = ThreadTeam(count: options.threads)
        leanFrames = options.leanFrames
        network = try load(team)
        // Only now: the weights show that the heads' sizes are those of the file.
        self.labels = try Labels.complete(labels, for: architecture)
        try kernels.check(network.panelFormats)
    }

    /// A model whose weights are made of `parameters`, on the threads that the options give it.
    ///
    /// - Throws: as ``init(_:labels:metadata:options:load:)``, ``WeightError`` if the parameters are not the network's,
    ///   and what reading one throws.
    package init(
        _ architecture: Architecture, parameters: [any Parameter], labels: [String: [String]],
        metadata: [String: String], options: EngineOptions
    ) throws {
        let precision = options.precision ?? .float32
        try self.init(architecture, labels: labels, metadata: metadata, precision: precision, options: options) {
            team in
            let weights = ConvertedWeights(parameters, precision: precision)
            let network = try Network(architecture, weights)
            try weights.fill(on: team)
            return network
        }
    }

    private init(_ model: EmotionModel, _ team: ThreadTeam) {
        architecture = model.architecture
        labels = model.labels
        metadata = model.metadata
        precision = model.precision
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
    /// - Throws: ``EngineError`` if the signal is too short or not finite.
    public func predict(_ signal: [Float], workspace: Workspace? = nil) throws(EngineError) -> Prediction {
        try forward(signal, workspace: workspace)
    }

    /// The feature extractor's output for a signal: the first half of ``predict(_:workspace:)``.
    ///
    /// A frame depends on the samples of its receptive field alone, so that parts of a signal that share samples share
    /// frames: frame i of the signal from sample n · ``Architecture/hop`` on is frame i + n of the whole. That does not hold
    /// for models that normalise their input.
    ///
    /// - Returns: frame by frame, `[frames, channels]`
    /// - Throws: ``EngineError`` if the signal is too short or not finite.
    public func features(_ signal: [Float], workspace: Workspace? = nil) throws(EngineError) -> [Float] {
        let (workspace, compute) = try prepare(for: signal, workspace)
        network.extractFeatures(signal, workspace: workspace, compute)
        return Matrix(workspace.features).elements()
    }

    /// Scores features, `[frames, channels]`, as ``features(_:workspace:)`` gives them: the second half of
    /// ``predict(_:workspace:)``, with the same result.
    ///
    /// - Throws: ``EngineError`` if they are not whole frames, no frame at all, or not finite.
    public func predict(features: [Float], workspace: Workspace? = nil) throws(EngineError) -> Prediction {
        let channels = architecture.featureChannels
        guard !features.isEmpty, features.count.isMultiple(of: channels) else {
            throw .incompleteFrames(numbers: features.count, channels: channels)
        }
        if let index = features.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteFeature(index: index) }
        let workspace = workspace ?? Workspace(for: architecture)
        let compute = prepare(workspace, frames: features.count / channels, tile: .none)
        workspace.features.copy(features)
        return try prediction(network.encode(workspace: workspace, compute))
    }

    /// One call, with the state shown after each stage or times noted if asked for.
    func forward(
        _ signal: [Float], workspace: Workspace?, observe: StageObserver? = nil, recorder: SpanRecorder? = nil
    ) throws(EngineError) -> Prediction {
        let (workspace, compute) = try prepare(for: signal, workspace, observe: observe, recorder: recorder)
        return try prediction(network.forward(signal, workspace: workspace, compute, observe: observe))
    }

    /// The outputs, all of them numbers: finite samples near float32's limit can overflow inside the network.
    private func prediction(_ result: (pooled: [Float], heads: [[Float]])) throws(EngineError) -> Prediction {
        let values = [result.pooled] + result.heads
        for (name, values) in zip(architecture.outputs, values) where !values.allSatisfy(\.isFinite) {
            throw .nonFiniteOutput(name)
        }
        return Prediction(names: architecture.outputs, values: values)
    }

    /// The memory that ``predict(_:workspace:)`` takes besides the signal and the weights, in bytes, on as many threads, if
    /// the signal has so many samples and its workspace is new.
    package func memory(samples: Int, threads: Int) -> Int {
        let frames = architecture.frames(samples: samples)
        guard frames > 0 else { return 0 }
        let extractor = network.featureExtractor
        let tile = extractor.tileCapacity(frames: extractor.largestTile(frames: frames, threads: threads))
        let workspace = Workspace.byteCount(
            samples: samples, frames: frames, tile: tile, threads: threads, architecture, precision)
        // While a normalised signal is copied.
        let normalized = network.inputNormalization == nil ? 0 : FloatBuffer.byteCount(of: samples)
        return ByteCount.sum([workspace, normalized])
    }

    private func prepare(
        for signal: [Float], _ workspace: Workspace?, observe: StageObserver? = nil, recorder: SpanRecorder? = nil
    ) throws(EngineError) -> (Workspace, Compute) {
        guard signal.count >= architecture.minimumSamples else {
            throw .signalTooShort(samples: signal.count, minimum: architecture.minimumSamples)
        }
        if let only = architecture.fixedSamples, signal.count != only {
            throw .otherLength(samples: signal.count, only: only)
        }
        if let index = signal.firstIndex(where: { !$0.isFinite }) { throw .nonFiniteSample(index: index) }
        let workspace = workspace ?? Workspace(for: architecture)
        let frames = architecture.frames(samples: signal.count)
        let extractor = network.featureExtractor
        let tile =
            observe?.seesFeatureExtractor ?? false
            ? extractor.wholeCapacity(samples: signal.count)
            : extractor.tileCapacity(frames: extractor.largestTile(frames: frames, threads: threads))
        return (workspace, prepare(workspace, frames: frames, tile: tile, recorder: recorder))
    }

    private func prepare(
        _ workspace: Workspace, frames: Int, tile: TileCapacity, recorder: SpanRecorder? = nil
    ) -> Compute {
        precondition(workspace.architecture == architecture, "the workspace is another architecture's")
        workspace.prepare(frames: frames, tile: tile, team, precision)
        return Compute(
            kernels: kernels, team: team, quantized: workspace.quantized,
            releasesWeights: leanFrames.map { frames >= $0 } ?? false, recorder: recorder)
    }
}

/// What the model says of one signal: the outputs by name.
public struct Prediction: Sendable, Equatable {
    /// The outputs' names, as in ``Architecture/outputs``: the pooled state first, then the heads.
    public let names: [String]
    /// The outputs, in the order of the names.
    public let values: [[Float]]

    /// An output by its name, such as `logits`.
    public subscript(name: String) -> [Float]? { names.firstIndex(of: name).map { values[$0] } }
}
