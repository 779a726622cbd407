import AudioInput
import Checkpoints
import Kernels
import ONNXLoader
import Verification
import W2V2Engine
import W2V2Recognition

/// All that `inspect --json` tells of a model: of an .onnx file that is recognised, or of a packed model.
struct ModelDescription: Encodable {
    /// A parameter's name, and where its numbers are.
    struct Parameter: Encodable {
        let name: String
        /// As PyTorch keeps it.
        let shape: [Int]
        /// The tensor of the file; nil if the parameter is computed from others.
        let tensor: String?
        /// Whether the tensor has the matrix with its axes exchanged.
        let isTransposed: Bool
    }

    /// A point at which the network's state can be compared, and the graph's value that carries it.
    struct State: Encodable {
        /// The name of its array in a file for `verify --reference`.
        let name: String
        /// The graph's value.
        let value: String
        /// Whether the value is `[1, channels, frames]`; else it is `[1, frames, channels]`, or `[1, n]`.
        let isChannelMajor: Bool
    }

    let architecture: Architecture
    let labels: [String: [String]]
    let parameters: Int
    let parameterBytes: Int
    let samplesPerFrame: Int
    let minimumSamples: Int
    let floatingPointOperationsPerSecond: Int
    /// Parameters and arithmetic for a second of audio.
    let parts: [Architecture.Part]
    /// What computes the matrix products on this machine.
    let backend = ModelDescription.backend
    let metadata: [String: String]

    // Of an .onnx file; nil of a packed model.
    private(set) var fileBytes: Int?
    private(set) var opset: Int?
    private(set) var nodes: [GraphDescription.Node]?
    /// What the nodes in layers were fused to.
    private(set) var operations: [RecognizedOperation]?
    private(set) var states: [State]?
    private(set) var parameterTensors: [Parameter]?
    private(set) var tensors: [TensorTable.Row]?
    /// How the parameters are stored; they are computed with in float32.
    private(set) var storedNumbers: [StoredNumbers]?

    // Of a packed model; nil of others.
    private(set) var blocks: [PackedBlock]?
    /// In which numbers its products are computed.
    private(set) var precision: Precision?
    private(set) var formats: [PackedFormat]?

    private init(_ architecture: Architecture, labels: [String: [String]], metadata: [String: String]) {
        self.architecture = architecture
        self.labels = labels
        self.metadata = metadata
        parameters = architecture.parameterCount
        parameterBytes = architecture.parameterCount * MemoryLayout<Float>.size
        samplesPerFrame = architecture.hop
        minimumSamples = architecture.minimumSamples
        floatingPointOperationsPerSecond = architecture.floatingPointOperations(samples: Signal.sampleRate)
        parts = architecture.parts(samples: Signal.sampleRate)
    }

    init(_ file: ONNXModel, _ recognized: RecognizedModel, labels: [String: [String]], tensors: TensorTable) {
        self.init(recognized.architecture, labels: labels, metadata: file.metadata)
        fileBytes = file.fileSize
        opset = file.opset
        let graph = GraphDescription(recognized)
        nodes = graph.nodes
        operations = graph.operations
        states = Stage.all(of: architecture).compactMap { stage in
            recognized.stageValues[stage].map { value in
                State(
                    name: stage.name(in: recognized.architecture), value: value.name,
                    isChannelMajor: value.layout == .channelMajor)
            }
        }
        parameterTensors = recognized.parameters.map { parameter in
            Parameter(
                name: parameter.name, shape: parameter.shape,
                tensor: file.holds(parameter) ? parameter.tensor.name : nil, isTransposed: parameter.isTransposed)
        }
        self.tensors = tensors.rows
        storedNumbers = recognized.storedNumbers
    }

    init(_ checkpoint: CheckpointModel, labels: [String: [String]], tensors: TensorTable) {
        self.init(checkpoint.architecture, labels: labels, metadata: [:])
        fileBytes = checkpoint.weights.fileSize
        parameterTensors = checkpoint.parameters.map { parameter in
            Parameter(
                name: parameter.name, shape: parameter.shape, tensor: parameter.tensor?.name, isTransposed: false)
        }
        self.tensors = tensors.rows
        storedNumbers = checkpoint.storedNumbers
    }

    init(_ summary: PackedModelSummary, labels: [String: [String]]) {
        self.init(summary.architecture, labels: labels, metadata: summary.metadata)
        blocks = summary.blocks
        precision = summary.precision
        formats = PackedFormat.all(in: summary)
    }

    /// What computes the matrix products on this machine.
    static var backend: String {
        do { return try KernelSet().description } catch { return "none: \(error)" }
    }
}
