import Kernels

/// The parts of the network that take most of its time.
@_spi(Benchmarks)
public enum NetworkPart: String, Sendable, CaseIterable {
    case featureExtractor = "feature extractor"
    case positionalConvolution = "positional convolution"
    /// An encoder layer's, without its norm.
    case attention
    /// An encoder layer's, without its norm.
    case feedForward = "feed-forward"

    /// The operations of one run.
    func contains(_ operation: NetworkOperation) -> Bool {
        switch self {
        case .featureExtractor: operation.kind == .convolution
        case .positionalConvolution: operation.kind == .positionalConvolution
        case .attention: operation.layer == 0 && (.query ... .attentionOutput).contains(operation.kind)
        case .feedForward:
            operation.layer == 0 && (.feedForwardIntermediate ... .feedForwardOutput).contains(operation.kind)
        }
    }
}

/// One part of the network, ready to be run and timed by itself on the states of a signal.
@_spi(Benchmarks)
public struct NetworkPartRun {
    /// Multiplications and additions of the matrix products of one run.
    public let floatingPointOperations: Int

    private let part: NetworkPart
    private let network: Network
    private let encoderLayer: EncoderLayer
    private let compute: Compute
    let workspace: Workspace
    private let signal: Matrix  // [samples, 1]
    /// What a part other than the feature extractor starts from: normalised states, `[frames, hidden]`.
    private let states: Matrix

    /// A part of `model`, an encoder layer's in the first layer.
    ///
    /// - Throws: ``EngineError`` if the signal is too short or not finite.
    public init(_ part: NetworkPart, of model: EmotionModel, on signal: [Float]) throws {
        floatingPointOperations = model.architecture.operations(samples: signal.count).filter(part.contains)
            .reduce(0) { $0 + $1.floatingPointOperations }
        self.part = part
        network = model.network
        encoderLayer = model.network.encoder[0]
        workspace = Workspace(for: model.architecture)
        self.signal = Matrix(FloatBuffer(signal), rows: signal.count, columns: 1)
        // Makes room in the workspace, and leaves the output of the final norm in its hidden states.
        _ = try model.predict(signal, workspace: workspace)
        compute = Compute(
            kernels: model.kernels, team: model.team, quantized: workspace.quantized, releasesWeights: false)
        let hidden = workspace.hidden
        states = Matrix(FloatBuffer(Matrix(hidden).elements()), rows: hidden.rows, columns: hidden.columns)
    }

    /// Puts the states back that the last run changed.
    public func prepare() {
        workspace.hidden.copy(states)
        workspace.normed.copy(states)
    }

    /// Runs the part once.
    public func callAsFunction() {
        let (hidden, normed) = (workspace.hidden, workspace.normed)
        switch part {
        case .featureExtractor:
            network.featureExtractor(
                signal, into: workspace.features, workspace: workspace, compute, observe: nil)
        case .positionalConvolution: network.positionalConvolution(addingTo: hidden, workspace: workspace, compute)
        case .attention: encoderLayer.attention(normed, addingTo: hidden, workspace: workspace, compute)
        case .feedForward: encoderLayer.feedForward(Matrix(normed), addingTo: hidden, workspace: workspace, compute)
        }
    }
}
