import Foundation
import Kernels
import ONNXLoader
import W2V2Engine

/// A recognised model, for people and as JSON.
struct ModelDescription: Encodable {
    let architecture: Architecture
    let labels: [String: [String]]
    let parameters: Int
    let samplesPerFrame: Int
    let minimumSamples: Int
    let floatingPointOperationsPerSecond: Int
    /// What computes the matrix products on this machine.
    let backend: String
    let opset: Int
    let metadata: [String: String]
    let nodes: [Node]
    let tensors: TensorList

    /// A node of the graph and its place in the architecture.
    struct Node: Encodable {
        let node: String
        let kind: NodeRole.Kind
        let module: String
        let operation: String
    }

    init(_ file: ONNXModel, _ recognized: RecognizedModel, labels: [String: [String]]) throws {
        architecture = recognized.architecture
        self.labels = try Labels.complete(labels, for: recognized.architecture)
        parameters = architecture.parameterCount
        samplesPerFrame = architecture.hop
        minimumSamples = architecture.minimumSamples
        floatingPointOperationsPerSecond = architecture.floatingPointOperations(samples: 16_000)
        do { backend = try KernelSet().description } catch { backend = "none: \(error)" }
        opset = file.opset
        metadata = file.metadata
        nodes = recognized.roles.map {
            Node(node: $0.node, kind: $0.kind, module: $0.module, operation: $0.operation)
        }
        tensors = TensorList(file)
    }

    /// The network in forward order.
    func architectureLines() -> [String] {
        var lines: [String] = []
        func line(_ name: String, _ text: String) {
            lines.append(name.padding(toLength: 24, withPad: " ", startingAt: 0) + text)
        }
        line(
            "input normalisation",
            architecture.inputNormalizationEpsilon.map { "to zero mean and unit variance, epsilon \(Float($0))" }
                ?? "none")
        for (index, layer) in architecture.featureExtractor.enumerated() {
            line(
                index == 0 ? "feature extractor" : "",
                "\(layer.inputChannels) → \(layer.outputChannels), kernel \(layer.kernel), stride \(layer.stride),"
                    + " LayerNorm, GELU")
        }
        line("feature projection", "LayerNorm, \(architecture.featureChannels) → \(architecture.hiddenSize)")
        let positional = architecture.positionalConvolution
        line("positional convolution", "kernel \(positional.kernel), \(positional.groups) groups, GELU")
        line(
            "encoder",
            "\(architecture.encoderLayers) layers of \(architecture.attentionHeads) heads × \(architecture.headSize),"
                + " feed-forward \(architecture.feedForwardSize), norm first, epsilon"
                + " \(Float(architecture.layerNormEpsilon))")
        line("pooling", "mean over time → \(architecture.pooledOutput) [\(architecture.hiddenSize)]")
        for head in architecture.heads {
            let labels = labels[head.output] ?? []
            line(
                "head",
                "\(architecture.hiddenSize) → \(head.denseSize), tanh, → \(head.output) [\(head.size)]:"
                    + " \(labels.joined(separator: ", "))")
        }
        let operations = Double(floatingPointOperationsPerSecond) / 1e9
        line("parameters", FileDescription.grouped(parameters))
        line("frames", "one every \(samplesPerFrame) samples, from \(minimumSamples) samples on")
        line("arithmetic", String(format: "%.3g GFLOP for a second of audio", operations))
        line("matrix products", backend)
        let counts = Dictionary(grouping: nodes, by: \.kind).mapValues(\.count)
        line(
            "nodes",
            "\(counts[.layer] ?? 0) in layers, \(counts[.folded] ?? 0) constant and folded,"
                + " \(counts[.plumbing] ?? 0) computing shapes")
        return lines
    }

    /// The graph's nodes in its order.
    func nodeLines() -> [String] {
        nodes.map { node in
            let role = node.module.isEmpty ? node.operation : "\(node.module): \(node.operation)"
            return "\(node.kind.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)) \(node.node)  \(role)"
        }
    }
}
