import ONNXLoader

extension RecognizedModel {
    /// Recognises a parsed graph: folds its constants, resolves its shapes, fuses its nodes to operations, and reads
    /// these in forward order against the architecture. Sizes come from the weights.
    ///
    /// Every node of the graph is accounted for; a graph that is not this architecture in every part is refused.
    ///
    /// - Throws: ``RecognitionError``, with the first node that does not fit and what was expected there.
    package init(recognizing model: ONNXModel) throws {
        let index = try OrderedGraph(model)
        guard index.graph.inputs.count == 1, let input = index.graph.inputs.first else {
            throw RecognitionError(
                node: nil, found: "inputs \(index.graph.inputs.map(\.name))", expected: "one input, the signal")
        }
        let constants = ConstantFolding(of: index)
        let shapes = ShapeResolution(of: index, constants: constants)
        _ = try shapes.facts(of: input.name)
        let features = FeatureGraph(index, constants: constants, shapes: shapes)
        var reader = ArchitectureReader(FusedGraph(features))

        let (inputEpsilon, signal) = try reader.inputNormalization(input.name)
        let (convolutions, extractor, extracted) = try reader.featureExtractor(signal)
        let (projectionNorm, projection, projected) = try reader.featureProjection(
            extracted, channels: convolutions.last?.outputChannels ?? 1)
        let hiddenSize = projection.outputSize
        let (positionSize, position, embedded) = try reader.positionalConvolution(projected, hiddenSize: hiddenSize)
        let (sizes, layers, encoded) = try reader.encoder(embedded, hiddenSize: hiddenSize)
        let (finalNorm, pooled) = try reader.pooling(encoded, hiddenSize: hiddenSize)
        let (pooledOutput, headSizes, heads) = try reader.heads(
            pooled, hiddenSize: hiddenSize, outputs: index.graph.outputs)

        let frames = try reader.shape(of: projected)[1]
        try Self.check(shapes.conditions, frames: frames)
        architecture = Architecture(
            input: input.name, inputNormalizationEpsilon: inputEpsilon, featureExtractor: convolutions,
            hiddenSize: hiddenSize, positionalConvolution: positionSize, encoderLayers: layers.count,
            attentionHeads: sizes.heads, feedForwardSize: sizes.feedForward,
            layerNormEpsilon: Double(Float(ArchitectureReader.layerNormEpsilon)), pooledOutput: pooledOutput,
            heads: headSizes)
        parameters = ModelParameters(
            featureExtractor: extractor, projectionNorm: projectionNorm, projection: projection,
            positionalConvolution: position, encoder: layers, finalNorm: finalNorm, heads: heads)
        stageValues = reader.stageValues
        roles = try Self.account(of: features, reader: reader)
        operations = reader.operations.sorted { ($0.nodes.last ?? 0) < ($1.nodes.last ?? 0) }
    }

    /// Checks that what the graph computes of sizes holds for every signal that gives a frame.
    private static func check(_ conditions: [ShapeResolution.Condition], frames: Extent) throws {
        guard let minimum = frames.samplesNeeded(forAtLeast: 1) else {
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
    private static func account(of features: FeatureGraph, reader: ArchitectureReader) throws -> [NodeRole] {
        try features.nodes.indices.map { index in
            let node = features.nodes[index]
            if let role = reader.roles[index] {
                return NodeRole(node: node.label, kind: .layer, module: role.module, operation: role.operation)
            }
            guard let idle = features.idle[index] else {
                throw node.misfit("a part that the result does not need", expected: "every node to have its place")
            }
            return NodeRole(
                node: node.label, kind: idle == .constant ? .folded : .plumbing, module: idle.rawValue,
                operation: node.operation)
        }
    }
}
