import Files
import ONNXLoader
import W2V2Network

/// What recognition makes of a graph: its architecture, its parameters by their names in it, and an account of every
/// node.
package struct RecognizedModel: Sendable {
    package let architecture: Architecture
    /// Every parameter of the network, in forward order. The positional convolution's weight has its weight norm folded
    /// in.
    package let parameters: [NamedParameter]
    /// The graph value that carries each stage's state, so that a literal run of the graph can be compared.
    package let stageValues: [Stage: StageValue]
    /// For each node of the graph, in its order, what it is in the architecture.
    package let roles: [NodeRole]
    /// The operations of the layers, each one node of the graph or several that were fused, in the order of their last
    /// nodes.
    package let operations: [RecognizedOperation]
}

/// One operation of a layer.
package struct RecognizedOperation: Sendable, Hashable, Codable {
    /// The path of the module it belongs to, such as `encoder.layers.3.layer_norm`.
    package let module: String
    /// Such as `LayerNorm`.
    package let operation: String
    /// Which of the graph's nodes compute it, ascending.
    package let nodes: [Int]
}

/// A graph value that carries a stage's state.
package struct StageValue: Sendable, Hashable {
    /// The order of a `[1, _, _]` value's last two axes.
    package enum Layout: Sendable, Hashable {
        /// `[1, frames, channels]`, or `[1, n]` if there is no time axis.
        case timeMajor
        /// `[1, channels, frames]`.
        case channelMajor
    }

    package let name: String
    package let layout: Layout
}

/// What a node of the graph is in the architecture.
package struct NodeRole: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, Codable {
        /// Computed when the model was loaded, since all its inputs are constant.
        case folded
        /// Computes shapes, or a mask that masks nothing; the engine needs neither.
        case plumbing
        /// Part of a layer.
        case layer
    }

    /// The node, as messages name it.
    package let node: String
    package let kind: Kind
    /// For a layer, the path of the module it belongs to and the operation there, such as
    /// `encoder.layers.3.attention.q_proj` and `Linear`; for others, a few words.
    package let module: String
    package let operation: String
}

extension RecognizedModel {
    /// Recognises a parsed graph: folds its constants, resolves its shapes, fuses its nodes to operations, and reads
    /// these in forward order against the architecture. Sizes come from the weights.
    ///
    /// Every node of the graph is accounted for; a graph that is not this architecture in every part is refused.
    ///
    /// - Throws: ``RecognitionError``, with the first node that does not fit and what was expected there; or, if the graph
    ///   is one that another program made of an export, what to do about that.
    package init(recognizing model: ONNXModel) throws {
        do { try self.init(reading: model) } catch let error as RecognitionError {
            throw AlteredExport(model).map { error.explained(by: $0) } ?? error
        }
    }

    private init(reading model: ONNXModel) throws {
        let ordered = try OrderedGraph(model)
        let lowering = try Lowering(of: ordered, constants: ConstantFolding(of: ordered))
        var graph = lowering.graph
        graph.rewrite()
        var reader = ArchitectureReader(graph)

        let (inputEpsilon, signal) = try reader.inputNormalization(lowering.signal)
        let (convolutions, extracted) = try reader.featureExtractor(signal)
        let (hiddenSize, normalized, projected) = try reader.featureProjection(
            extracted, channels: convolutions.last?.outputChannels ?? 1)
        let (positionalConvolution, embedded) = try reader.positionalConvolution(projected, hiddenSize: hiddenSize)
        let (sizes, encoded) = try reader.encoder(embedded, hiddenSize: hiddenSize)
        let (frames, pooled) = try reader.pooling(encoded, hiddenSize: hiddenSize)
        let (pooledOutput, heads) = try reader.heads(
            on: pooled, of: [normalized, frames], hiddenSize: hiddenSize, outputs: model.graph.outputs)

        try Self.check(lowering.conditions, frames: reader.shape(of: projected)[1], samples: lowering.fixedSamples)
        do {
            architecture = try Architecture(
                input: graph[lowering.signal].value?.name ?? "", inputNormalizationEpsilon: inputEpsilon,
                featureExtractor: convolutions, hiddenSize: hiddenSize, positionalConvolution: positionalConvolution,
                encoderLayers: sizes.layers, attentionHeads: sizes.heads, feedForwardSize: sizes.feedForward,
                layerNormEpsilon: Double(Float(ArchitectureReader.layerNormEpsilon)), pooledOutput: pooledOutput,
                heads: heads, fixedSamples: lowering.fixedSamples)
        } catch {
            throw RecognitionError(node: nil, found: "\(error)", expected: "the sizes of a network")
        }
        parameters = reader.parameters
        stageValues = reader.stageValues
        roles = try Self.account(of: model.graph.nodes, lowering, reader: reader)
        operations = reader.operations.sorted { ($0.nodes.last ?? 0) < ($1.nodes.last ?? 0) }
    }

    /// Checks that what the graph computes of sizes holds for every signal that gives a frame.
    private static func check(_ conditions: [Lowering.Condition], frames: Extent, samples: Int?) throws {
        guard let minimum = samples ?? frames.samplesNeeded(forAtLeast: 1) else {
            throw RecognitionError(
                node: nil, found: "\(frames) frames", expected: "frames for a signal that is long enough")
        }
        for condition in conditions where condition.samples > minimum {
            throw RecognitionError(
                node: condition.node, found: "below \(condition.samples) samples, \(condition.reason)",
                expected: "sizes that hold from \(minimum) samples on, which give one frame")
        }
    }

    /// The role of each node. A node without one was not understood, and the graph is refused.
    private static func account(
        of nodes: [Node], _ lowering: Lowering, reader: ArchitectureReader
    ) throws -> [NodeRole] {
        try nodes.indices.map { index in
            let node = nodes[index]
            if let role = reader.roles[index] {
                return NodeRole(node: node.label, kind: .layer, module: role.module, operation: role.operation)
            }
            guard let idle = lowering.idle[index] else {
                throw lowering.failures[index]
                    ?? node.misfit(
                        "a part that the result does not need", expected: "only nodes that the result needs")
            }
            return NodeRole(
                node: node.label, kind: idle == .constant ? .folded : .plumbing, module: idle.rawValue,
                operation: node.operation)
        }
    }
}

/// Why a graph is not the architecture: the first place that does not fit, and what was expected there.
public struct RecognitionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The node that does not fit, as messages name it; nil if the graph as a whole does not.
    public let node: String?
    /// The module that was being read, such as `encoder.layers.3.attention`; nil before there is one.
    public let module: String?
    /// What the graph has there.
    public let found: String
    /// What the architecture has there.
    public let expected: String

    package init(node: String?, module: String? = nil, found: String, expected: String) {
        self.node = node
        self.module = module
        self.found = found
        self.expected = expected
    }

    /// On one line.
    public var description: String {
        let place = module.map { " (\($0))" } ?? ""
        // Names come from the file.
        return printable("\(node ?? "the graph")\(place): \(found); expected \(expected)", longest: 1000)
    }

    /// The same error, told as one met while reading `module`.
    func reading(_ module: String) -> RecognitionError {
        RecognitionError(node: node, module: self.module ?? module, found: found, expected: expected)
    }
}
