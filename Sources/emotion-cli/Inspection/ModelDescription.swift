import AudioInput
import Kernels
import ONNXLoader
import Verification
import W2V2Engine
import W2V2Recognition

/// All that `inspect --json` shows of a recognised model.
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
    let fileBytes: Int
    let samplesPerFrame: Int
    let minimumSamples: Int
    let floatingPointOperationsPerSecond: Int
    /// Parameters and arithmetic for a second of audio.
    let parts: [Architecture.Part]
    /// What computes the matrix products on this machine.
    let backend: String
    let opset: Int
    let metadata: [String: String]
    let nodes: [GraphDescription.Node]
    /// What the nodes in layers were fused to.
    let operations: [RecognizedOperation]
    let states: [State]
    let parameterTensors: [Parameter]
    let tensors: TensorTable

    init(_ file: ONNXModel, _ recognized: RecognizedModel, labels: [String: [String]], tensors: TensorTable) {
        architecture = recognized.architecture
        self.labels = labels
        parameters = architecture.parameterCount
        parameterBytes = architecture.parameterCount * MemoryLayout<Float>.size
        fileBytes = file.fileSize
        samplesPerFrame = architecture.hop
        minimumSamples = architecture.minimumSamples
        floatingPointOperationsPerSecond = architecture.floatingPointOperations(samples: Signal.sampleRate)
        parts = architecture.parts(samples: Signal.sampleRate)
        backend = Self.backend
        opset = file.opset
        metadata = file.metadata
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
        self.tensors = tensors
    }

    /// What computes the matrix products on this machine.
    static var backend: String {
        do { return try KernelSet().description } catch { return "none: \(error)" }
    }
}

/// All that `inspect --json` shows of a packed model.
struct PackedDescription: Encodable {
    let architecture: Architecture
    let labels: [String: [String]]
    let parameters: Int
    let parameterBytes: Int
    let samplesPerFrame: Int
    let minimumSamples: Int
    let floatingPointOperationsPerSecond: Int
    let parts: [Architecture.Part]
    let backend: String
    let metadata: [String: String]
    let blocks: [PackedBlock]

    init(_ summary: PackedModelSummary, labels: [String: [String]]) {
        architecture = summary.architecture
        self.labels = labels
        parameters = architecture.parameterCount
        parameterBytes = architecture.parameterCount * MemoryLayout<Float>.size
        samplesPerFrame = architecture.hop
        minimumSamples = architecture.minimumSamples
        floatingPointOperationsPerSecond = architecture.floatingPointOperations(samples: Signal.sampleRate)
        parts = architecture.parts(samples: Signal.sampleRate)
        backend = ModelDescription.backend
        metadata = summary.metadata
        blocks = summary.blocks
    }
}
