import ONNXLoader
import TestSupport
import Testing

@testable import W2V2Network
@testable import W2V2Recognition

@Suite("Parameters by their names in the architecture")
struct NamedParameterTests {
    /// A weight norm is folded in Double and rounded to float32 once; so is it here.
    private static let foldingTolerance: Float = 1e-6

    @Test("names and shapes are those of transformers, in forward order", arguments: Fixtures.modelNames)
    func names(model: String) throws {
        let recognized = try RecognizedModel(recognizing: fixture(model))
        let parameters = recognized.parameters
        #expect(parameters.first?.name == "feature_extractor.conv_layers.0.conv.weight")
        #expect(parameters.first?.shape == [32, 1, 10])
        let shapes = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.shape) })
        #expect(shapes["feature_extractor.conv_layers.6.layer_norm.bias"] == [32])
        #expect(shapes["feature_projection.projection.weight"] == [64, 32])
        #expect(shapes["encoder.pos_conv_embed.conv.weight"] == [64, 16, 16])
        #expect(shapes["encoder.layers.1.attention.q_proj.weight"] == [64, 64])
        #expect(shapes["encoder.layers.1.feed_forward.intermediate_dense.weight"] == [128, 64])
        #expect(shapes["encoder.layers.1.feed_forward.output_dense.weight"] == [64, 128])
        #expect(shapes["encoder.layers.1.final_layer_norm.weight"] == [64])
        #expect(shapes["heads.0.out_proj.weight"]?.last == 64)
        let count = shapes.values.reduce(0) { $0 + $1.reduce(1, *) }
        #expect(count == recognized.architecture.parameterCount)
    }

    @Test("elements are the file's, bit for bit, transposed ones too", arguments: Fixtures.modelNames)
    func elements(model: String) throws {
        let file = try fixture(model)
        let source = ExportedWeights(file.graph)
        var (unnamed, folded) = (0, 0)
        let recognized = try RecognizedModel(recognizing: file)
        for parameter in recognized.parameters {
            let found = try parameter.floats()
            if let expected = try source.stored(parameter.name) {
                #expect(found.map(\.bitPattern) == expected.map(\.bitPattern), "\(parameter.name)")
            } else if let expected = try source.product(parameter.name) {
                #expect(found.map(\.bitPattern) == expected.map(\.bitPattern), "\(parameter.name)")
                unnamed += 1
            } else {
                #expect(parameter.name == "encoder.pos_conv_embed.conv.weight")
                let expected = try source.weightNorm()
                #expect(found.count == expected.count)
                #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= Self.foldingTolerance })
                folded += 1
            }
        }
        let layers = recognized.architecture.encoderLayers
        // Linear weights lose their names when an exporter transposes them, the convolution's when it folds it.
        let keepsWeightNorm = ["torch1.10-opset11-unfolded", "torch2.13-opset18-dynamo"].contains(model)
        #expect(folded == (keepsWeightNorm ? 1 : 0))
        #expect(unnamed == (model.hasSuffix("unfolded") ? 0 : 1 + 6 * layers) + (keepsWeightNorm ? 0 : 1))
    }

    @Test("the parts add up to the whole", arguments: [400, 16_000, 25_391])
    func parts(samples: Int) throws {
        for model in Fixtures.modelNames {
            let recognized = try RecognizedModel(recognizing: fixture(model))
            let parts = recognized.architecture.parts(samples: samples)
            #expect(parts.reduce(0) { $0 + $1.parameters } == recognized.architecture.parameterCount)
            #expect(
                parts.reduce(0) { $0 + $1.floatingPointOperations }
                    == recognized.architecture.floatingPointOperations(samples: samples))
            // What a part has is what is named after it.
            for part in parts where !part.name.contains("*") {
                let own = recognized.parameters.filter { $0.name.hasPrefix(part.name + ".") }
                #expect(own.reduce(0) { $0 + $1.tensor.elementCount } == part.parameters, "\(part.name)")
            }
        }
    }

    @Test("what the operations count is what the parameters are, module by module", arguments: Fixtures.modelNames)
    func operationsOfParameters(model: String) throws {
        let recognized = try RecognizedModel(recognizing: fixture(model))
        let operations = recognized.architecture.operations(samples: 16_000)
        for operation in operations where operation.parameters > 0 {
            let own = recognized.parameters.filter { $0.name.hasPrefix(operation.module + ".") }
            #expect(own.reduce(0) { $0 + $1.tensor.elementCount } == operation.parameters, "\(operation.module)")
        }
        #expect(
            operations.reduce(0) { $0 + $1.parameters }
                == recognized.parameters.reduce(0) { $0 + $1.tensor.elementCount })
    }

    @Test("the network asks for every parameter once, or for each of its groups", arguments: Fixtures.modelNames)
    func traversal(model: String) throws {
        let recognized = try RecognizedModel(recognizing: fixture(model))
        let weights = try RecordedWeights.weights(of: recognized.architecture)
        let asked = weights.flatMap(\.parameters)
        #expect(Set(asked) == Set(recognized.parameters.map(\.name)))
        let groups = recognized.architecture.positionalConvolution.groups
        #expect(asked.count == recognized.parameters.count + groups - 1)
        #expect(Set(weights.map(\.name)).count == weights.count)
        let names = weights.map(\.name)
        #expect(names.contains("encoder.layers.0.attention.{q_proj,k_proj,v_proj}.weight"))
        #expect(names.contains("encoder.pos_conv_embed.conv.weight[1]"))
    }

    @Test("operations have the nodes of the layers, each once", arguments: Fixtures.modelNames)
    func operations(model: String) throws {
        let recognized = try RecognizedModel(recognizing: fixture(model))
        let inLayers = recognized.roles.indices.filter { recognized.roles[$0].kind == .layer }
        #expect(recognized.operations.flatMap(\.nodes).sorted() == inLayers)
        for operation in recognized.operations {
            #expect(operation.nodes == operation.nodes.sorted() && !operation.nodes.isEmpty)
            for node in operation.nodes {
                #expect(recognized.roles[node].module == operation.module)
                #expect(recognized.roles[node].operation == operation.operation)
            }
        }
        let last = recognized.operations.map { $0.nodes.last ?? -1 }
        #expect(last == last.sorted())
    }
}

/// The weights of an export by what PyTorch calls them, found by the names and the nodes of the file alone.
private struct ExportedWeights {
    let graph: Graph

    init(_ graph: Graph) { self.graph = graph }

    /// The name in the checkpoint that was exported.
    private func exported(_ name: String) -> String {
        guard name.hasPrefix("heads.") else { return "wav2vec2.\(name)" }
        let heads = graph.outputs.map(\.name).filter { $0.hasPrefix("logits") }
        for (index, output) in heads.enumerated() where name.hasPrefix("heads.\(index).") {
            let module = output == "logits" ? "classifier" : String(output.dropFirst("logits_".count))
            return module + name.dropFirst("heads.\(index)".count)
        }
        return name
    }

    /// A weight that is in the file under its name.
    func stored(_ name: String) throws -> [Float]? { try graph.initializers[exported(name)]?.floats() }

    /// A weight without a name: the second factor of the product that the named bias is added to, with its axes
    /// exchanged; or the weight of the convolution that has the bias.
    func product(_ name: String) throws -> [Float]? {
        let bias = exported(name).dropLast("weight".count) + "bias"
        if let convolution = graph.nodes.first(where: { $0.operation == "Conv" && $0.inputs.last == String(bias) }) {
            guard let weight = graph.initializers[convolution.inputs[1]] else { return nil }
            return try weight.floats()
        }
        guard let sum = graph.nodes.first(where: { $0.operation == "Add" && $0.inputs.contains(String(bias)) }),
            let product = graph.nodes.first(where: { node in
                node.operation == "MatMul" && node.outputs.contains { sum.inputs.contains($0) }
            }), let weight = graph.initializers[product.inputs[1]]
        else { return nil }
        let elements = try weight.floats()
        let (rows, columns) = (weight.shape[0], weight.shape[1])
        return (0..<columns).flatMap { column in (0..<rows).map { elements[$0 * columns + column] } }
    }

    /// The positional convolution's weight v · g / |v|, the norm taken for each tap.
    func weightNorm() throws -> [Float] {
        let name = "wav2vec2.encoder.pos_conv_embed.conv"
        let candidates = [
            ("\(name).weight_g", "\(name).weight_v"),
            ("\(name).parametrizations.weight.original0", "\(name).parametrizations.weight.original1"),
        ]
        let (scale, direction) = try #require(candidates.first { graph.initializers[$0.0] != nil })
        let magnitudes = try #require(graph.initializers[scale]).doubles()
        let tensor = try #require(graph.initializers[direction])
        let elements = try tensor.doubles()
        let taps = tensor.shape[2]
        var squares = [Double](repeating: 0, count: taps)
        for (index, element) in elements.enumerated() { squares[index % taps] += element * element }
        return elements.enumerated().map { index, element in
            Float(element * magnitudes[index % taps] / squares[index % taps].squareRoot())
        }
    }
}
