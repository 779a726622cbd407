import Foundation
import ONNXInterpreter
import ONNXLoader
import W2V2Engine

/// The network as its definition in transformers reads, in Double, operator by operator, on parameters as they are: what a
/// checkpoint, which has no graph, is checked against.
struct LiteralNetwork: Sendable {
    let architecture: Architecture
    private let parameters: [String: any Parameter]

    init(_ architecture: Architecture, parameters: [any Parameter]) {
        self.architecture = architecture
        self.parameters = Dictionary(parameters.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Every stage's state and every output.
    func run(_ signal: TestSignal) throws -> NetworkRun {
        var states: [Stage: Values] = [:]
        /// States are `[1, frames, channels]`.
        func keep(_ state: InterpreterTensor, as stage: Stage) {
            states[stage] = Values(shape: state.shape, state.reals ?? [])
        }
        var x = try InterpreterTensor(shape: [1, 1, signal.samples.count], real: samples(signal))
        if architecture.inputNormalizationEpsilon != nil { keep(x, as: .inputNormalization) }

        for (index, layer) in architecture.featureExtractor.enumerated() {
            let name = "feature_extractor.conv_layers.\(index)"
            x = try convolution(x, "\(name).conv", ["strides": .ints([Int64(layer.stride)])])
            x = try gelu(layerNorm(exchanged(x), "\(name).layer_norm"))
            keep(x, as: .featureExtractor(layer: index))
            x = try exchanged(x)
        }
        x = try layerNorm(exchanged(x), "feature_projection.layer_norm")
        keep(x, as: .extractedFeatures)
        x = try linear(x, "feature_projection.projection")
        keep(x, as: .featureProjection)

        x = try sum(x, positionEmbedding(of: x))
        keep(x, as: .positionalEmbedding)
        for index in 0..<architecture.encoderLayers {
            let name = "encoder.layers.\(index)"
            x = try sum(x, attention(layerNorm(x, "\(name).layer_norm"), "\(name).attention"))
            let inner = try linear(layerNorm(x, "\(name).final_layer_norm"), "\(name).feed_forward.intermediate_dense")
            x = try sum(x, linear(gelu(inner), "\(name).feed_forward.output_dense"))
            keep(x, as: .encoderLayer(index))
        }
        func mean(_ state: InterpreterTensor) throws -> InterpreterTensor {
            try operation("ReduceMean", [state, try list([1])], ["keepdims": .int(0)])
        }
        let lastLayer = try mean(x)
        x = try layerNorm(x, "encoder.layer_norm")
        keep(x, as: .finalNorm)
        if architecture.pooling.mixesLayers {
            x = try mixed(architecture.mixedStages.compactMap { states[$0] }, like: x)
            keep(x, as: .mixed)
        }
        let read = try mean(x)
        let pooled = architecture.pooling == .lastLayer ? lastLayer : read
        keep(pooled, as: .pooled)

        var outputs = [architecture.pooledOutput: Values(shape: pooled.shape, pooled.reals ?? [])]
        for (index, head) in architecture.heads.enumerated() {
            var scores = try linear(read, "heads.\(index).dense")
            if head.kind == .tanh { scores = try operation("Tanh", [scores]) }
            scores = try linear(scores, "heads.\(index).out_proj")
            keep(scores, as: .head(index))
            outputs[head.output] = Values(shape: scores.shape, scores.reals ?? [])
        }
        return NetworkRun(states: states, outputs: outputs)
    }

    // MARK: Parts

    /// The samples, normalised where the network does: (x − mean) / √(variance + ε).
    private func samples(_ signal: TestSignal) -> [Double] {
        let samples = signal.samples.map { Double($0) }
        guard let epsilon = architecture.inputNormalizationEpsilon else { return samples }
        let mean = samples.reduce(0, +) / Double(samples.count)
        let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples.count)
        return samples.map { ($0 - mean) / (variance + epsilon).squareRoot() }
    }

    private func positionEmbedding(of state: InterpreterTensor) throws -> InterpreterTensor {
        let sizes = architecture.positionalConvolution
        let padding = Int64(sizes.padding)
        let embedding = try convolution(
            exchanged(state), "encoder.pos_conv_embed.conv",
            ["group": .int(Int64(sizes.groups)), "pads": .ints([padding, padding])])
        // A convolution with an even kernel gives a frame more than it is given.
        let frames = try operation(
            "Slice", [embedding, try list([0]), try list([state.shape[1]]), try list([2])])
        return try exchanged(gelu(frames))
    }

    private func attention(_ state: InterpreterTensor, _ name: String) throws -> InterpreterTensor {
        let heads = architecture.attentionHeads
        func split(_ projection: String) throws -> InterpreterTensor {
            let shape = try list([1, state.shape[1], heads, architecture.headSize])
            return try operation(
                "Transpose", [operation("Reshape", [linear(state, "\(name).\(projection)"), shape])],
                ["perm": .ints([0, 2, 1, 3])])
        }
        let scale = try InterpreterTensor(shape: [], real: [1 / Double(architecture.headSize).squareRoot()])
        let keys = try operation("Transpose", [split("k_proj")], ["perm": .ints([0, 1, 3, 2])])
        let scores = try operation("Mul", [operation("MatMul", [split("q_proj"), keys]), scale])
        let context = try operation("MatMul", [operation("Softmax", [scores]), split("v_proj")])
        let joined = try operation(
            "Reshape",
            [operation("Transpose", [context], ["perm": .ints([0, 2, 1, 3])]), try list(state.shape)])
        return try linear(joined, "\(name).out_proj")
    }

    /// The sum of states, weighted by the softmax of the network's weights for them.
    private func mixed(_ states: [Values], like state: InterpreterTensor) throws -> InterpreterTensor {
        let weights = try operation("Softmax", [try tensor("layer_weights")]).reals ?? []
        var result = [Double](repeating: 0, count: state.elementCount)
        for (weight, state) in zip(weights, states) {
            for index in result.indices { result[index] += weight * state.elements[index] }
        }
        return try InterpreterTensor(shape: state.shape, real: result)
    }

    // MARK: Operators

    private func linear(_ x: InterpreterTensor, _ name: String) throws -> InterpreterTensor {
        let weight = try operation("Transpose", [try tensor("\(name).weight")], ["perm": .ints([1, 0])])
        return try sum(operation("MatMul", [x, weight]), tensor("\(name).bias"))
    }

    private func convolution(
        _ x: InterpreterTensor, _ name: String, _ attributes: [String: Attribute]
    ) throws -> InterpreterTensor {
        try operation("Conv", [x, tensor("\(name).weight"), tensor("\(name).bias")], attributes)
    }

    private func layerNorm(_ x: InterpreterTensor, _ name: String) throws -> InterpreterTensor {
        try operation(
            "LayerNormalization", [x, tensor("\(name).weight"), tensor("\(name).bias")],
            ["epsilon": .float(Float(architecture.layerNormEpsilon))])
    }

    private func gelu(_ x: InterpreterTensor) throws -> InterpreterTensor { try operation("Gelu", [x]) }
    private func sum(_ x: InterpreterTensor, _ y: InterpreterTensor) throws -> InterpreterTensor {
        try operation("Add", [x, y])
    }

    /// With frames and channels exchanged.
    private func exchanged(_ x: InterpreterTensor) throws -> InterpreterTensor {
        try operation("Transpose", [x], ["perm": .ints([0, 2, 1])])
    }

    private func list(_ numbers: [Int]) throws -> InterpreterTensor {
        try InterpreterTensor(shape: [numbers.count], integer: numbers)
    }

    private func tensor(_ name: String) throws -> InterpreterTensor {
        guard let parameter = parameters[name] else { throw VerificationError(.missingStage(name)) }
        return try InterpreterTensor(shape: parameter.shape, real: parameter.floats().map { Double($0) })
    }

    private func operation(
        _ name: String, _ inputs: [InterpreterTensor], _ attributes: [String: Attribute] = [:]
    ) throws -> InterpreterTensor {
        let node = Node(
            operation: name, inputs: inputs.indices.map { "\($0)" }, outputs: ["result"], attributes: attributes)
        let limit = 1 << 30
        return try Operators.evaluate(node, inputs: inputs, opset: 20, elementLimit: limit)[0]
    }
}
